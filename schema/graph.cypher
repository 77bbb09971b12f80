// Constraints and indexes, the same on every engine. One label per node, keyed by a unique id.
CREATE CONSTRAINT meta_id IF NOT EXISTS FOR (n:Meta) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT ontology_term_id IF NOT EXISTS FOR (n:OntologyTerm) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT therapy_id IF NOT EXISTS FOR (n:Therapy) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT condition_id IF NOT EXISTS FOR (n:Condition) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT outcome_id IF NOT EXISTS FOR (n:Outcome) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT instrument_id IF NOT EXISTS FOR (n:Instrument) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT comparator_id IF NOT EXISTS FOR (n:Comparator) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT marker_id IF NOT EXISTS FOR (n:Marker) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT citation_id IF NOT EXISTS FOR (n:Citation) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT study_id IF NOT EXISTS FOR (n:Study) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT finding_id IF NOT EXISTS FOR (n:Finding) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT judgement_id IF NOT EXISTS FOR (n:Judgement) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT gene_drug_pair_id IF NOT EXISTS FOR (n:GeneDrugPair) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT organization_id IF NOT EXISTS FOR (n:Organization) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT location_id IF NOT EXISTS FOR (n:Location) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT page_id IF NOT EXISTS FOR (n:Page) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT statement_id IF NOT EXISTS FOR (n:Statement) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT reference_id IF NOT EXISTS FOR (n:Reference) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT summary_id IF NOT EXISTS FOR (n:Summary) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT release_id IF NOT EXISTS FOR (n:Release) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT revision_id IF NOT EXISTS FOR (n:Revision) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT load_run_id IF NOT EXISTS FOR (n:LoadRun) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT account_id IF NOT EXISTS FOR (n:Account) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT possible_duplicate_id IF NOT EXISTS FOR (n:PossibleDuplicate) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT merged_citation_id IF NOT EXISTS FOR (n:MergedCitation) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT receipt_id IF NOT EXISTS FOR (n:Receipt) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT check_id IF NOT EXISTS FOR (n:Check) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT webhook_id IF NOT EXISTS FOR (n:Webhook) REQUIRE n.id IS UNIQUE;

// One paper is one citation: its outside identifiers are unique too.
CREATE CONSTRAINT citation_pmid IF NOT EXISTS FOR (n:Citation) REQUIRE n.pmid IS UNIQUE;
CREATE CONSTRAINT citation_doi IF NOT EXISTS FOR (n:Citation) REQUIRE n.doi IS UNIQUE;
CREATE CONSTRAINT citation_pmcid IF NOT EXISTS FOR (n:Citation) REQUIRE n.pmcid IS UNIQUE;

// What waits for the next release, and what one brought. With the id no two keys are the same: one that many share is
// slow to change on the embedded engine. Ask for equal numbers alone, for that engine compares the keys of two as texts.
CREATE INDEX ontology_term_since_id IF NOT EXISTS FOR (n:OntologyTerm) ON (n.since, n.id);
CREATE INDEX citation_since_id IF NOT EXISTS FOR (n:Citation) ON (n.since, n.id);
CREATE INDEX study_since_id IF NOT EXISTS FOR (n:Study) ON (n.since, n.id);
CREATE INDEX instrument_since_id IF NOT EXISTS FOR (n:Instrument) ON (n.since, n.id);
CREATE INDEX therapy_since_id IF NOT EXISTS FOR (n:Therapy) ON (n.since, n.id);
CREATE INDEX condition_since_id IF NOT EXISTS FOR (n:Condition) ON (n.since, n.id);
CREATE INDEX outcome_since_id IF NOT EXISTS FOR (n:Outcome) ON (n.since, n.id);
CREATE INDEX comparator_since_id IF NOT EXISTS FOR (n:Comparator) ON (n.since, n.id);
CREATE INDEX marker_since_id IF NOT EXISTS FOR (n:Marker) ON (n.since, n.id);
CREATE INDEX judgement_since_id IF NOT EXISTS FOR (n:Judgement) ON (n.since, n.id);
CREATE INDEX gene_drug_pair_since_id IF NOT EXISTS FOR (n:GeneDrugPair) ON (n.since, n.id);
CREATE INDEX organization_since_id IF NOT EXISTS FOR (n:Organization) ON (n.since, n.id);
CREATE INDEX location_since_id IF NOT EXISTS FOR (n:Location) ON (n.since, n.id);
CREATE INDEX page_since_id IF NOT EXISTS FOR (n:Page) ON (n.since, n.id);
CREATE INDEX statement_since_id IF NOT EXISTS FOR (n:Statement) ON (n.since, n.id);
CREATE INDEX reference_since_id IF NOT EXISTS FOR (n:Reference) ON (n.since, n.id);
CREATE INDEX finding_since_id IF NOT EXISTS FOR (n:Finding) ON (n.since, n.id);

// What releases said of records that were edited since, their answers, and what is looked up beside.
CREATE INDEX revision_record IF NOT EXISTS FOR (n:Revision) ON (n.record_id);
CREATE INDEX revision_until IF NOT EXISTS FOR (n:Revision) ON (n.until);
CREATE INDEX revision_pmid IF NOT EXISTS FOR (n:Revision) ON (n.pmid);
CREATE INDEX revision_doi IF NOT EXISTS FOR (n:Revision) ON (n.doi);
CREATE INDEX revision_pmcid IF NOT EXISTS FOR (n:Revision) ON (n.pmcid);
CREATE INDEX summary_condition IF NOT EXISTS FOR (n:Summary) ON (n.condition);
CREATE INDEX summary_therapy IF NOT EXISTS FOR (n:Summary) ON (n.therapy);
CREATE INDEX summary_pair IF NOT EXISTS FOR (n:Summary) ON (n.therapy, n.condition);
CREATE INDEX judgement_pair IF NOT EXISTS FOR (n:Judgement) ON (n.therapy, n.condition);
CREATE INDEX summary_first IF NOT EXISTS FOR (n:Summary) ON (n.first);
CREATE INDEX summary_until IF NOT EXISTS FOR (n:Summary) ON (n.until);
CREATE INDEX receipt_given IF NOT EXISTS FOR (n:Receipt) ON (n.given);
CREATE INDEX study_registered_in IF NOT EXISTS FOR (n:Study) ON (n.registered_in);
CREATE INDEX finding_study IF NOT EXISTS FOR (n:Finding) ON (n.study);

// Where a citation that may be the same paper is found, what became of one that was merged, and what was decided.
CREATE INDEX citation_match_title IF NOT EXISTS FOR (n:Citation) ON (n.match_title);
CREATE INDEX citation_match_page IF NOT EXISTS FOR (n:Citation) ON (n.match_page);
CREATE INDEX citation_match_beginning IF NOT EXISTS FOR (n:Citation) ON (n.match_beginning);
CREATE INDEX merged_citation_into IF NOT EXISTS FOR (n:MergedCitation) ON (n.into);
CREATE INDEX merged_citation_pmid IF NOT EXISTS FOR (n:MergedCitation) ON (n.pmid);
CREATE INDEX merged_citation_doi IF NOT EXISTS FOR (n:MergedCitation) ON (n.doi);
CREATE INDEX merged_citation_pmcid IF NOT EXISTS FOR (n:MergedCitation) ON (n.pmcid);
CREATE INDEX possible_duplicate_one IF NOT EXISTS FOR (n:PossibleDuplicate) ON (n.one);
CREATE INDEX possible_duplicate_other IF NOT EXISTS FOR (n:PossibleDuplicate) ON (n.other);
