"""The parts of a page: what every section of a report is put together from."""

import html
from collections.abc import Sequence

FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; color: #222 }}
img {{ max-width: 100%; height: auto }}
table {{ border-collapse: collapse; font-size: 14px }}
th, td {{ padding: .25rem .6rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap }}
th:first-child, td:first-child {{ text-align: left }}
tr.ours td {{ font-weight: 600 }}
.wide {{ overflow-x: auto }}
small {{ color: #555 }}
</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""


def page(title: str, sections: Sequence[str]) -> str:
    """A whole page, which fetches nothing from elsewhere but pictures beside it."""
    return FRAME.format(title=html.escape(title), body="\n".join(sections))


def picture(name: str, text: str) -> str:
    """A picture beside the page, and what it shows in words."""
    return f'<p><img src="{name}" alt="{html.escape(text)}"></p>'


def table(header: Sequence[str], rows: Sequence[Sequence[str]], ours: str) -> str:
    """A table; the rows whose first cell is `ours` stand out."""
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
    body = "".join(
        ("<tr class='ours'>" if row[0] == ours else "<tr>")
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
