// Citations of some numbers, made by the server itself: as large as those of the bench, with match keys of their own.
UNWIND range($start, $end - 1) AS number
WITH toString(10000000 + number) AS pmid, number
CREATE (n:Citation {
  id: 'pmid:' + pmid,
  pmid: pmid,
  title: 'Invented paper ' + pmid + ' on something that is no treatment of pain, with enough words to fill a title',
  authors: '[{"family":"Nobody' + pmid + '","given":null,"initials":"A","suffix":null,"collective":null,"orcid":null,"affiliations":[]}]',
  authors_complete: true,
  type: 'ARTICLE',
  year: 1980 + number % 46,
  journal: 'Journal of inventions and places',
  volume: toString(number % 89 + 1),
  issue: toString(number % 12 + 1),
  pages: toString(number % 1999 + 1),
  retraction: '{"state":"NONE_FOUND","date":null,"notice_doi":null,"notice_pmid":null,"reason":null,"source_url":null}',
  verification: 'PENDING',
  content_hash: replace(randomUUID() + randomUUID(), '-', ''),
  since: 2147483647,
  first_release: 2147483647,
  approval: 'APPROVED',
  clinically_reviewed: false,
  load_run: 'bench',
  loaded_at: '2026-01-01T00:00:00Z',
  loaded_from: 'pubmed',
  match_title: left(replace(randomUUID(), '-', ''), 20),
  match_page: left(replace(randomUUID(), '-', ''), 20),
  match_beginning: left(replace(randomUUID(), '-', ''), 20)
})
RETURN count(n) AS written
