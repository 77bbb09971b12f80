"""Pages: patient education as HTML, Markdown or plain text, read into sentences and printed references.

blocks.py     headings, paragraphs and list entries, with their lines
page.py       a whole page
reference.py  one printed reference, in the manners that are in use
authors.py    its authors
place.py      its year, volume and pages
"""

from loaders.page.page import read_page
from loaders.page.reference import read_reference

__all__ = ["read_page", "read_reference"]
