package resource

import (
	"bytes"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The types of resources that are read beyond their identity.
const (
	TypeCodeSystem   = "CodeSystem"
	TypeValueSet     = "ValueSet"
	TypeConceptMap   = "ConceptMap"
	TypeNamingSystem = "NamingSystem"
	typeBundle       = "Bundle"
)

// Resource is a FHIR resource of R4, R4B or R5. What terminology needs of it is read
// into fields; all of it is in Raw. Strings are views of Raw.
type Resource struct {
	Type         string // resourceType
	ID           string
	URL          string // canonical URL
	Version      string
	Name, Title  string
	Status       string
	Date         string
	Publisher    string
	Language     string
	Experimental bool
	Algorithm    string // versionAlgorithm[x]
	Identifiers  []Identifier
	Extensions   []Extension // of the resource itself
	Raw          []byte      // the resource as it was given

	// The one of these that Type says is set.
	CodeSystem   *CodeSystem
	ValueSet     *ValueSet
	ConceptMap   *ConceptMap
	NamingSystem *NamingSystem

	file string
	root string // what paths in it begin with
	line int    // on which Raw begins
	size int    // of Raw, when that has been let go
	long []span // its LongMembers, unless only the head was read
}

// Identifier is another name of a resource; an OID has the system urn:ietf:rfc:3986.
type Identifier struct{ System, Value string }

// Extension is an element that the standard's base does not have. Value is its
// primitive value as text and Kind the type of it, such as "Decimal"; of a complex
// value Value is the JSON. One without value has extensions.
type Extension struct {
	URL, Kind, Value string
	Extensions       []Extension
}

// The extensions that change what a terminology answers.
const (
	ExtStandardsStatus = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
	ExtDescriptionID   = "http://hl7.org/fhir/StructureDefinition/coding-sctdescid"
	ExtTranslation     = "http://hl7.org/fhir/StructureDefinition/translation"
	ExtSupplement      = "http://hl7.org/fhir/StructureDefinition/valueset-supplement"
	ExtFilterOperator  = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.compose.include.filter.op"
	extAlgorithm       = "http://hl7.org/fhir/5.0/StructureDefinition/extension-CanonicalResource.versionAlgorithm"
)

// Parse reads one resource, in JSON. A Bundle is a resource without fields of its own:
// Each reads what is in it. The resource keeps data, which must not change. The error is
// a *terminology.RowError with line and path, such as CodeSystem.concept[3].code.
func Parse(data []byte) (*Resource, error) {
	r := &Resource{Raw: bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff"))), line: 1}
	if err := r.parse(false); err != nil {
		return nil, err
	}
	return r, nil
}

// parse reads r.Raw. With head it leaves concepts, maps and definitions out.
func (r *Resource) parse(head bool) error {
	s := newScanner(r.Raw, r.file, r.root)
	s.head = head
	r.Type = resourceType(s)
	if s.err == nil {
		if r.root == "" {
			r.root = r.Type
		}
		s.root = r.root
		s.object(func(key string) { r.noted(s, key) })
		s.end()
	}
	if s.err != nil {
		s.err.Line += r.line - 1
		return s.err
	}
	return nil
}

// resourceType looks for the type of the resource at the scanner, and leaves the
// scanner where it was.
func resourceType(s *scanner) string {
	if s.err != nil {
		return ""
	}
	at, found := s.at, ""
	if head := strings.TrimLeft(s.text[s.at:min(len(s.text), s.at+64)], " \t\r\n{"); strings.HasPrefix(head, `"resourceType"`) {
		head = strings.TrimLeft(head[len(`"resourceType"`):], " \t\r\n:")
		if name, _, ok := strings.Cut(strings.TrimPrefix(head, `"`), `"`); ok && name != "" && head[0] == '"' {
			return name
		}
	}
	s.object(func(key string) {
		if key == "resourceType" {
			found = s.str()
		}
	})
	if s.err == nil && found == "" {
		s.at = at
		s.fail("the object has no resourceType: want a FHIR resource")
	}
	s.at = at
	return found
}

// member reads a member of the resource.
func (r *Resource) member(s *scanner, key string) {
	switch key {
	case "resourceType":
		s.str()
	case "id":
		r.ID = s.str()
	case "url":
		r.URL = s.str()
	case "version":
		r.Version = s.str()
	case "name":
		if canonical(r.Type) {
			r.Name = s.str()
		}
	case "title":
		if canonical(r.Type) {
			r.Title = s.str()
		}
	case "status":
		r.Status = s.primitive()
	case "date":
		r.Date = s.primitive()
	case "publisher":
		if canonical(r.Type) {
			r.Publisher = s.str()
		}
	case "language":
		r.Language = s.str()
	case "experimental":
		r.Experimental = s.flag()
	case "versionAlgorithmString":
		r.Algorithm = s.str()
	case "versionAlgorithmCoding":
		_, c := readCoding(s)
		r.Algorithm = c.Code
	case "identifier":
		r.readIdentifiers(s)
	case "extension":
		r.Extensions = readExtensions(s)
		if e, ok := find(r.Extensions, extAlgorithm); ok && r.Algorithm == "" {
			r.Algorithm = e.Value
		}
	default:
		r.typedMember(s, key)
	}
}

// canonical reports whether resources of a type have a name, a title and a publisher
// that are strings.
func canonical(typ string) bool {
	switch typ {
	case TypeCodeSystem, TypeValueSet, TypeConceptMap, TypeNamingSystem:
		return true
	}
	return false
}

func (r *Resource) typedMember(s *scanner, key string) {
	switch r.Type {
	case TypeCodeSystem:
		if r.CodeSystem == nil {
			r.CodeSystem = &CodeSystem{}
		}
		r.CodeSystem.member(s, key)
	case TypeValueSet:
		if r.ValueSet == nil {
			r.ValueSet = &ValueSet{}
		}
		r.ValueSet.member(s, key)
	case TypeConceptMap:
		if r.ConceptMap == nil {
			r.ConceptMap = &ConceptMap{}
		}
		r.ConceptMap.member(s, key)
	case TypeNamingSystem:
		if r.NamingSystem == nil {
			r.NamingSystem = &NamingSystem{}
		}
		r.NamingSystem.member(s, key)
	}
}

// readIdentifiers reads identifier, which is one or several, depending on the type.
func (r *Resource) readIdentifiers(s *scanner) {
	one := func() {
		var id Identifier
		s.object(func(key string) {
			switch key {
			case "system":
				id.System = s.str()
			case "value":
				id.Value = s.str()
			}
		})
		if id.Value != "" {
			r.Identifiers = append(r.Identifiers, id)
		}
	}
	if s.space() == '{' {
		one()
		return
	}
	s.array(func(int) { one() })
}

// OIDs returns the OIDs among the identifiers, bare.
func (r *Resource) OIDs() []string {
	var oids []string
	for _, id := range r.Identifiers {
		if oid, ok := strings.CutPrefix(id.Value, "urn:oid:"); ok {
			oids = append(oids, oid)
		}
	}
	return oids
}

// readCoding reads a Coding, and returns its text too: system|version#code.
func readCoding(s *scanner) (string, terminology.Coding) {
	var c terminology.Coding
	s.object(func(key string) {
		switch key {
		case "system":
			c.System = s.str()
		case "version":
			c.Version = s.str()
		case "code":
			c.Code = s.str()
		case "display":
			c.Display = s.str()
		}
	})
	return c.String(), c
}

func readExtensions(s *scanner) []Extension {
	var list []Extension
	s.array(func(int) {
		var e Extension
		s.object(func(key string) {
			kind, value := strings.CutPrefix(key, "value")
			switch {
			case key == "url":
				e.URL = s.str()
			case key == "extension":
				e.Extensions = readExtensions(s)
			case value:
				e.Kind = kind
				if c := s.space(); c == '{' || c == '[' {
					e.Value = s.raw()
				} else {
					e.Value = s.primitive()
				}
			}
		})
		list = append(list, e)
	})
	return list
}

// find returns the first extension of a URL.
func find(list []Extension, url string) (Extension, bool) {
	for _, e := range list {
		if e.URL == url {
			return e, true
		}
	}
	return Extension{}, false
}

// Extension returns the value of the resource's first extension of a URL.
func (r *Resource) Extension(url string) (string, bool) {
	e, ok := find(r.Extensions, url)
	return e.Value, ok
}

// translations returns the texts of a primitive element in other languages, which
// stand in its extensions (FHIR, "translation").
func translations(list []Extension) []Designation {
	var out []Designation
	for _, e := range list {
		if e.URL != ExtTranslation {
			continue
		}
		lang, _ := find(e.Extensions, "lang")
		content, _ := find(e.Extensions, "content")
		if lang.Value != "" && content.Value != "" {
			out = append(out, Designation{Language: lang.Value, Value: content.Value})
		}
	}
	return out
}

// readElement reads the extensions of a primitive element, the member with _ before its name.
func readElement(s *scanner) []Extension {
	var list []Extension
	s.object(func(key string) {
		if key == "extension" {
			list = readExtensions(s)
		}
	})
	return list
}
