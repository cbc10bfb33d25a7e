"""Files on disk: read with line numbers, written whole or not at all, and kept by content.

`write` (files and folders replaced whole; `claim`, `lock`, `recover`, `shared_folder` and `exchange` behind it),
`cache` (folders named by a hash of what they were made from), `csv_text`, `yaml_lines` and `archive` (bytes to text
with the line of every mistake), `library` (folders upon folders), `resources` (what ships with the package), `jit`
(compiled kernels). This room knows no column of any table.
"""
