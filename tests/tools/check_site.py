"""Walk through a built site: every link leads to a page and an anchor there, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

_LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {k: v or "" for k, v in attrs}
        if "id" in found:
            self.anchors.add(found["id"])
        for name, value in found.items():
            if (tag, name) in _LOADED and not (tag == "link" and found.get("rel") in ("canonical", "author")):
                self.loaded.append(value)
            elif (tag, name) == ("a", "href"):
                self.links.append(value)


def check_site(folder: Path) -> list[str]:
    """Return what is wrong with the pages of a folder, a line each."""
    pages: dict[Path, _Page] = {}
    for file in sorted(folder.rglob("*.html")):
        page = pages[file.resolve()] = _Page()
        page.feed(file.read_text(encoding="utf-8"))
    wrong = []
    for file, page in pages.items():
        name = file.relative_to(folder.resolve())
        wrong += [f"{name} loads {u}" for u in page.loaded if re.match(r"(https?:)?//", u)]
        for link in (*page.links, *page.loaded):
            if re.match(r"([a-z]+:|//)", link):
                continue
            path, anchor = urldefrag(unquote(link))
            target = (file.parent / path.split("?")[0]).resolve() if path else file
            if not target.exists():
                wrong.append(f"{name} leads to {link}")
            elif anchor and target in pages and anchor not in pages[target].anchors:
                wrong.append(f"{name} leads to {link}: no such anchor")
    return wrong


if __name__ == "__main__":
    found = check_site(Path(sys.argv[1]))
    sys.stdout.write(("\n".join(found) or "every link leads somewhere, nothing is loaded from elsewhere") + "\n")
    sys.exit(bool(found))
