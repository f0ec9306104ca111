package orpha

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// reference is one ExternalReference: a code of another code system.
type reference struct {
	source   string // ICD-10, OMIM, ...
	code     string
	relation string // E, NTBT, BTNT, ND, ...; "" when not said
	how      string // in what way ICD-10 has it
	status   string // Validated, Not yet validated
	line     int
}

// maps are the sources whose references are a map too.
var maps = []struct{ source, id, target, title string }{
	{"ICD-10", "urn:kodeks:map:orphanet:icd-10", "http://hl7.org/fhir/sid/icd-10", "Orphanet to ICD-10 (WHO)"},
	{"ICD-11", "urn:kodeks:map:orphanet:icd-11", "http://id.who.int/icd/release/11/mms", "Orphanet to ICD-11 MMS"},
	{"OMIM", "urn:kodeks:map:orphanet:omim", "http://www.omim.org", "Orphanet to OMIM"},
	{"UMLS", "urn:kodeks:map:orphanet:umls", "http://www.nlm.nih.gov/research/umls", "Orphanet to UMLS"},
	{"MedDRA", "urn:kodeks:map:orphanet:meddra", "https://www.meddra.org", "Orphanet to MedDRA"},
}

// relationships are those of the relations of Orphanet, which are said of the
// disorder: NTBT, the disorder is narrower than the target.
var relationships = map[string]terminology.Relationship{
	"E": terminology.Equivalent, "NTBT": terminology.SourceIsNarrower, "BTNT": terminology.SourceIsBroader,
}

// reference reads an ExternalReference.
func (d *disorder) reference(e *markup.Element) error {
	r := reference{line: e.Line()}
	err := e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "Source":
			r.source, err = part.Text()
		case "Reference":
			r.code, err = part.Text()
		case "DisorderMappingRelation":
			r.relation, err = nameOf(part)
		case "DisorderMappingICDRelation":
			r.how, err = nameOf(part)
		case "DisorderMappingValidationStatus":
			r.status, err = nameOf(part)
		}
		return err
	})
	if err != nil {
		return err
	}
	if r.source == "" || r.code == "" {
		return e.Bad("", "a reference needs Source and Reference")
	}
	r.relation, r.how = short(r.relation), short(r.how)
	d.references = append(d.references, r)
	return nil
}

// short leaves out the explanation of a name: "E (Exact mapping: ...)" is E.
func short(name string) string {
	name, _, _ = strings.Cut(name, "(")
	return strings.TrimSpace(strings.TrimPrefix(name, "- "))
}

// text is the reference as a property: "Q77.3 (NTBT, Inclusion term, Validated)".
func (r reference) text() string {
	if about := r.about(); about != "" {
		return r.code + " (" + about + ")"
	}
	return r.code
}

// about is what the reference says of the code.
func (r reference) about() string {
	var parts []string
	for _, s := range []string{r.relation, r.how, r.status} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}
