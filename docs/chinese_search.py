"""Search in Chinese that works in the browser: a repair of Sphinx 9, and questions cut into the words of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jieba
from sphinx.search.zh import SearchChinese

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Sphinx cuts a question at blanks only, and Chinese has none: a sentence would be one word that no page has. From the
# left, the longest word that the index knows is taken; a character that begins none is dropped.
SPLITTER = """
function splitQuery(query) {
  const known = (word) => [Search._index.terms, Search._index.titleterms].some((t) => Object.hasOwn(t, word));
  const words = [];
  for (const run of query.match(/\\p{Script=Han}+|[\\p{L}\\p{N}_\\p{M}-]+/gu) || []) {
    if (!/\\p{Script=Han}/u.test(run)) { words.push(run); continue; }
    let start = 0;
    while (start !== run.length) {
      let end = run.length;
      while (end - start !== 1 && !known(run.slice(start, end))) end -= 1;
      if (end - start !== 1) words.push(run.slice(start, end));
      start = end;
    }
  }
  return words.length ? words : [query];
}
"""


class SearchInBrowser(SearchChinese):  # type: ignore[misc] # types of an extra are not looked at
    """Search whose script finds its stemmer."""

    # The script says `window.Stemmer = <language_name>Stemmer`, and Chinese pages load the English stemmer for the
    # Latin words in them: github.com/sphinx-doc/sphinx/issues/14229.
    language_name = "English"
    js_splitter_code = SPLITTER


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the place of the search that Sphinx ships for `zh`."""
    jieba.setLogLevel("WARNING")  # it tells at DEBUG how it loads its dictionary
    app.add_search_language(SearchInBrowser)
    return {"parallel_read_safe": True}
