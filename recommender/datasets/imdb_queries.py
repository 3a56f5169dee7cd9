"""What DuckDB is asked when IMDb's files are read, in the order in which it is asked.

Every line is read as one text and taken apart here (of the large files only those of wanted films), so that a
row that is cut off, or that has a quote or a tab too many, is this row's own trouble and can be counted. A
statement called ``NO_...`` takes the place of one whose file is missing.
"""

SETUP = r"""
create macro lines(file) as table
    select line
    from read_csv(file, columns = {'line': 'VARCHAR'}, auto_detect = false, delim = '\x01', header = false,
        skip = 1, quote = '', escape = '', strict_mode = false, ignore_errors = true, store_rejects = true,
        rejects_table = 'unreadable', rejects_scan = 'scans', rejects_limit = 0, new_line = '\n')
    where line is not null;
create macro fields(file) as table select string_split(line, chr(9)) as f from lines(file);
create macro given(field) as nullif(nullif(trim(field), '\N'), '');
create macro number(field, kind) as
    case when starts_with(field, kind) then try_cast(substr(field, 3) as integer) end;
create macro one_line(field) as nullif(
    left(trim(regexp_replace(given(field), '[\x00-\x20\x7f-\x{9f}\x{2028}\x{2029}]+', ' ', 'g')), 1000), '');
"""

VOTES = """
create temp table votes as
    select number(f[$tconst], 'tt') as n, max(try_cast(f[$numVotes] as integer)) as votes,
        max(try_cast(f[$averageRating] as double)) as mean
    from fields($file) where len(f) = $columns group by all having n > 0 and votes >= 0
"""
NO_VOTES = "create temp table votes (n integer, votes integer, mean double)"

BASICS = """
create temp table basics as
with
    wanted as (select distinct unnest($keep::integer[]) as n),
    rows as (
        select f, number(f[$tconst], 'tt') as n, len(f) = $columns as whole, f[$titleType] as type,
            given(f[$primaryTitle]) as title, try_cast(given(f[$startYear]) as integer) as year
        from fields($file)
    ),
    told as (
        select rows.*, votes.votes, votes.mean,
            wanted.n is not null as kept,
            year is not null and not year between 1870 and $latest as strange_year
        from rows left join votes on rows.n = votes.n left join wanted on rows.n = wanted.n
    )
select n, strange_year,
    case
        when not whole then 'row has too few or too many fields'
        when coalesce(n, 0) <= 0 then 'tconst is no number of IMDb'
        when title is null then 'title is missing'
        when kept then null
        when not list_contains($films || $small, type) then 'it is a series, an episode or a game'
        when coalesce(given(f[$isAdult]), '0') <> '0' then 'it is for adults'
        when not $voted then
            case when type not in ('movie', 'tvMovie') then 'it was not made for the cinema or television' end
        when votes >= $small_votes then null
        when list_contains($small, type) then 'it has too few votes'
        when votes >= $votes then null
        when votes >= $new_votes and year >= $new and not strange_year then null
        else 'it has too few votes'
    end as why,
    case when why is null then one_line(title) end as title,
    case when why is null then one_line(f[$originalTitle]) end as original,
    case when why is null and not strange_year then year end as year,
    case when why is null then try_cast(given(f[$runtimeMinutes]) as integer) end as runtime,
    case when why is null then given(f[$genres]) end as genres,
    case when $voted then coalesce(votes, 0) end as votes,
    mean
from told
"""
REASONS = "select why, count(*) from basics where why is not null group by all order by why"
STRANGE = "select count(*) from basics where why is null and strange_year"
FILMS = """
create temp table films as
    select cast(row_number() over (order by votes desc nulls last, n) - 1 as integer) as row, *
    from (
        select n, coalesce(title, original, 'tt' || n) as title, original, year,
            case when runtime between 1 and 60000 then runtime end as runtime,
            genres, votes, case when mean between 1 and 10 then mean end as mean
        from basics where why is null
        qualify row_number() over (partition by n order by basics.title, year) = 1
    )
"""
AGAIN = "select (select count(*) from basics where why is null) - (select count(*) from films)"

AKAS = """
create temp table akas as
with
    regions as (select unnest($regions) as region, unnest($region_languages) as spoken),
    codes as (select unnest($codes) as code, unnest($code_languages) as plain),
    chosen as (
        select films.row, string_split(line, chr(9)) as f
        from lines($file) join films on number(split_part(line, chr(9), $titleId), 'tt') = films.n
    ),
    rows as (
        select row, try_cast(f[$ordering] as integer) as place,
            one_line(f[$title]) as name, f[$region] as region, given(f[$language]) as code,
            coalesce(f[$types], '') as types, coalesce(f[$attributes], '') as attributes,
            f[$isOriginalTitle] = '1' as first
        from chosen where len(f) = $columns
    )
select rows.row, place, name, contains(types, 'imdbDisplay') as shown,
    case when first then $original
        else coalesce(plain, case when length(rows.code) = 2 then rows.code end, spoken, '') end as language
from rows
    left join regions on rows.region = regions.region
    left join codes on rows.code = codes.code
where name is not null
    and not contains(types, 'working') and not contains(attributes, 'working title')
    and ($all_languages or language = $original or language in (select unnest($languages)))
"""
NO_AKAS = "create temp table akas (row integer, place integer, name varchar, shown boolean, language varchar)"
ALIASES = """
create temp table aliases as
with
    every as (
        select row, -1 as place, original as name, true as shown, $original as language from films
        where original is not null
        union all select row, coalesce(place, 0), name, shown, language from akas
    ),
    once as (
        select every.* from every join films using (row) where lower(name) <> lower(title)
        qualify row_number() over (
            partition by every.row, lower(name)
            order by (language = $original) desc, (language <> '') desc, shown desc, place, name, language
        ) = 1
    )
select row, name, language,
    row_number() over (
        partition by row
        order by (language = $original) desc, shown desc, (language = 'en') desc, place, name, language
    ) as rank
from once qualify rank <= $names
"""

CREW = """
create temp table crew as
with
    chosen as (
        select films.row, string_split(line, chr(9)) as f
        from lines($file) join films on number(split_part(line, chr(9), $tconst), 'tt') = films.n
    ),
    rows as (
        select row, given(f[$directors]) as directors, given(f[$writers]) as writers
        from chosen where len(f) = $columns
    )
select row, 'directors' as part, unnest(string_split(directors, ',')[1:$most_directors]) as person,
    generate_subscripts(string_split(directors, ',')[1:$most_directors], 1) as place from rows
union all
select row, 'writers', unnest(string_split(writers, ',')[1:$most_writers]),
    generate_subscripts(string_split(writers, ',')[1:$most_writers], 1) from rows
"""
NO_CREW = "create temp table crew (row integer, part varchar, person varchar, place integer)"
LEADS = """
create temp table leads as
    with chosen as (
        select films.row, string_split(line, chr(9)) as f
        from lines($file) join films on number(split_part(line, chr(9), $tconst), 'tt') = films.n
    )
    select row, 'cast' as part, f[$nconst] as person, try_cast(f[$ordering] as integer) as place
    from chosen where len(f) = $columns and f[$category] in ('actor', 'actress', 'self')
    qualify row_number() over (partition by row order by place, person) <= $leads
"""
NO_LEADS = "create temp table leads (row integer, part varchar, person varchar, place integer)"
CREDITS = """
create temp table credits as
    select row, part, number(person, 'nm') as person, min(place) as place
    from (select * from crew union all select * from leads) group by all having person > 0
"""
NAMES = """
create temp table people as
    with
        wanted as (select distinct person from credits),
        chosen as (
            select wanted.person, string_split(line, chr(9)) as f
            from lines($file) join wanted on number(split_part(line, chr(9), $nconst), 'nm') = wanted.person
        )
    select person, min(one_line(f[$primaryName])) as name
    from chosen where len(f) = $columns group by all having name is not null
"""
NO_NAMES = "create temp table people (person integer, name varchar)"
CUT = "select count(distinct (scan_id, file_id, line)) from unreadable"

GENRES = """
select row, place, name from (
    select row, unnest(string_split(genres, ',')) as name,
        generate_subscripts(string_split(genres, ','), 1) as place
    from films where genres is not null
) order by row, place
"""
