"""Small editions of MovieLens, written as folders or zip archives."""

import zipfile
from pathlib import Path

CSV_EDITION = {
    "movies.csv": (
        "movieId,title,genres\n"
        "1,Toy Story (1995),Adventure|Animation|Children\n"
        '2,"Matrix, The (1999)",Action|Sci-Fi\n'
        '3,"City of Lost Children, The (Cité des enfants perdus, La) (1995)",Drama|Fantasy\n'
        "4,Cosmos,(no genres listed)\n"
    ),
    "ratings.csv": (
        "userId,movieId,rating,timestamp\n"
        "1,1,4.0,964982703\n"
        "1,2,0.5,964982704\n"
        "2,1,5.0,1445714994\n"
        "2,3,3.5,1445714995\n"
    ),
    "links.csv": "movieId,imdbId,tmdbId\n1,0114709,862\n2,0133093,603\n3,0112682,\n",
    "tags.csv": "userId,movieId,tag,timestamp\n1,2,Cyberpunk,1\n2,2,cyberpunk,2\n2,1,toys,3\n",
    "README.txt": "not read\n",
}

DAT_EDITION = {
    "movies.dat": (
        "1::Toy Story (1995)::Animation|Children's|Comedy\n"
        "29::City of Lost Children, The (1995)::Adventure|Sci-Fi\n"
        "96::In the Bleak Midwinter :: A Tale (1995)::Comedy\n"
        "1226::Misérables, Les (1995)::Drama|Musical\n"
    ),
    "ratings.dat": "1::1::5::978300760\n1::29::3::978302109\n2::1226::4::978301968\n",
    "users.dat": "1::F::1::10::48067\n",
}


def write_folder(folder: Path, edition: dict[str, str], encoding: str = "utf-8") -> Path:
    """Write an edition as the files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in edition.items():
        (folder / name).write_bytes(text.encode(encoding))
    return folder


def write_zip(
    path: Path, edition: dict[str, str], inside: str = "ml-latest-small/", encoding: str = "utf-8"
) -> Path:
    """Write an edition as a zip archive, in a folder inside it as GroupLens does."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in edition.items():
            archive.writestr(f"{inside}{name}", text.encode(encoding))
    return path
