package fhir

import (
	"slices"
	"strconv"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Operations lists the operations, in the order in which they are announced. Both
// versions of FHIR have them all.
var Operations = []*Operation{Lookup, CodeSystemValidateCode, Subsumes, Expand, ValueSetValidateCode, Translate}

// SystemOperations are the operations of the whole server.
var SystemOperations = []*Operation{Versions}

// Versions is the parameter table of $versions.
var Versions = &Operation{Name: "versions", Parameters: nil}

// AppendVersions writes the versions of FHIR that a server speaks, that of the address
// as the default.
func AppendVersions(dst []byte, v Version) []byte {
	dst = append(dst, openParameters...)
	for _, each := range []Version{R4, R5} {
		dst = appendParameter(dst, "version", "valueString", each.MIME())
	}
	return append(appendParameter(dst, "default", "valueString", v.MIME()), closeParameters...)
}

// Metadata is the parameter table of the capabilities interaction.
var Metadata = &Operation{Name: "metadata", Parameters: []Definition{
	{Name: "mode", Type: Code}, // full, normative or terminology
}}

// features are what the server says of itself in the words of the HL7 terminology
// ecosystem: the version of its tests that were followed, and that code systems may come
// with a request.
var features = []struct{ definition, value string }{
	{"http://hl7.org/fhir/uv/tx-tests/FeatureDefinition/test-version", `"valueCode":"1.9.0"`},
	{"http://hl7.org/fhir/uv/tx-ecosystem/FeatureDefinition/CodeSystemAsParameter", `"valueBoolean":true`},
}

// Server is what the server says of itself.
type Server struct {
	Software string // name of the software
	Version  string // of the software
	Released string // date of the version, yyyy-mm-dd
	BaseURL  string // address of the endpoint, such as https://example.org/fhir/r4
	Writable bool   // resources can be written
}

// AppendCapabilityStatement writes what the endpoint can do.
func AppendCapabilityStatement(dst []byte, v Version, s Server) []byte {
	dst = appendConformance(dst, s, "CapabilityStatement", "metadata", "Capabilities")
	dst = append(dst, `,"extension":[`...)
	for i, f := range features {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"url":"http://hl7.org/fhir/uv/application-feature/StructureDefinition/feature","extension":[{"url":"definition","valueCanonical":`...)
		dst = append(AppendString(dst, f.definition), `},{"url":"value",`...)
		dst = append(append(dst, f.value...), `}]}`...)
	}
	dst = append(dst, ']')
	dst = append(dst, `,"kind":"instance","instantiates":["http://hl7.org/fhir/CapabilityStatement/terminology-server"]`...)
	dst = appendSoftware(dst, s)
	dst = append(appendKey(dst, "implementation"), '{')
	dst = appendMember(dst, "description", s.Software+", a terminology server, FHIR "+v.String())
	dst = append(appendMember(dst, "url", s.BaseURL), '}')
	dst = appendMember(dst, "fhirVersion", v.String())
	dst = append(dst, `,"format":["application/fhir+json","application/fhir+xml"],"rest":[{"mode":"server","resource":[`...)
	for _, typ := range operation.ResourceTypes {
		dst = appendMember(appendItem(dst), "type", typ)
		dst = append(appendKey(dst, "interaction"), '[')
		interactions := []string{"read", "vread", "history-instance", "history-type", "search-type"}
		if s.Writable {
			interactions = append(interactions, "create", "update", "delete")
		}
		for _, code := range interactions {
			dst = append(appendMember(appendItem(dst), "code", code), '}')
		}
		dst = append(dst, `],"versioning":"versioned","readHistory":true,"updateCreate":`...)
		dst = strconv.AppendBool(dst, s.Writable)
		dst = strconv.AppendBool(append(dst, `,"conditionalCreate":`...), s.Writable)
		dst = append(dst, `,"conditionalRead":"full-support","searchParam":[`...)
		for _, p := range operation.SearchParameters {
			if p.Only == "" || p.Only == typ {
				dst = append(appendMember(appendMember(appendItem(dst), "name", p.Name), "type", p.Kind), '}')
			}
		}
		dst = append(dst, ']')
		mark := len(dst)
		dst = append(appendKey(dst, "operation"), '[')
		empty := len(dst)
		for _, o := range Operations {
			if o.Resource == typ {
				dst = appendMember(appendItem(dst), "name", o.Name)
				dst = append(appendMember(dst, "definition", o.URL()), '}')
			}
		}
		if len(dst) == empty {
			dst = append(dst[:mark], '}')
			continue
		}
		dst = append(dst, `]}`...)
	}
	dst = append(dst, `],"interaction":[{"code":"batch"}],"operation":[`...)
	for _, o := range SystemOperations {
		dst = appendMember(appendItem(dst), "name", o.Name)
		dst = append(appendMember(dst, "definition", o.URL()), '}')
	}
	return append(dst, `]}]}`...)
}

// AppendTerminologyCapabilities writes which code systems are installed and what
// the operations take (metadata?mode=terminology).
func AppendTerminologyCapabilities(dst []byte, v Version, s Server, list *operation.ListResponse) []byte {
	dst = appendConformance(dst, s, "TerminologyCapabilities", "terminology-capabilities", "TerminologyCapabilities")
	dst = append(dst, `,"kind":"instance"`...)
	dst = appendSoftware(dst, s)
	dst = append(dst, `,"lockedDate":false`...)
	mark := len(dst)
	dst = append(appendKey(dst, "codeSystem"), '[')
	empty := len(dst)
	for i := range list.Releases {
		if r := &list.Releases[i]; isCodeSystem(r) && first(list, i) {
			dst = appendCodeSystem(dst, v, list, r.System)
		}
	}
	if len(dst) == empty {
		dst = dst[:mark]
	} else {
		dst = append(dst, ']')
	}
	dst = append(dst, `,"expansion":{"hierarchical":false,"paging":true,"incomplete":false,"parameter":[`...)
	names := append(accepted(Expand), "tx-resource")
	slices.Sort(names)
	for _, name := range names {
		dst = append(appendMember(appendItem(dst), "name", name), '}')
	}
	dst = append(dst, `],"textFilter":"every word of the filter must begin a word of one term of the concept, in any order"}`...)
	return append(dst, `,"codeSearch":"explicit","validateCode":{"translations":false},"translation":{"needsMap":true},"closure":{"translation":false}}`...)
}

// accepted returns the names of the parameters that an operation takes, in order.
func accepted(op *Operation) []string {
	var names []string
	for _, d := range op.Parameters {
		if d.Use != Refused {
			names = append(names, d.Name)
		}
	}
	slices.Sort(names)
	return names
}

func isCodeSystem(r *operation.InstalledRelease) bool {
	return r.Kind == terminology.KindCodeSystem
}

// first reports whether release i is the first one of its system.
func first(list *operation.ListResponse, i int) bool {
	for j := range i {
		if r := &list.Releases[j]; isCodeSystem(r) && r.System == list.Releases[i].System {
			return false
		}
	}
	return true
}

func appendCodeSystem(dst []byte, v Version, list *operation.ListResponse, system string) []byte {
	dst = appendMember(appendItem(dst), "uri", system)
	dst = append(appendKey(dst, "version"), '[')
	for i := range list.Releases {
		r := &list.Releases[i]
		if !isCodeSystem(r) || r.System != system {
			continue
		}
		dst = appendMember(appendItem(dst), "code", r.Version)
		dst = appendBool(dst, "isDefault", r.Default)
		dst = appendBool(dst, "compositional", false)
		dst = appendLanguages(dst, r)
		dst = append(dst, '}')
	}
	dst = append(dst, ']')
	if v == R5 {
		dst = appendMember(dst, "content", "complete")
	}
	return append(appendBool(dst, "subsumption", true), '}')
}

func appendLanguages(dst []byte, r *operation.InstalledRelease) []byte {
	var seen []string
	for _, c := range r.Columns {
		if c.Language != "" && !slices.Contains(seen, c.Language) {
			seen = append(seen, c.Language)
		}
	}
	if len(seen) == 0 {
		return dst
	}
	dst = append(appendKey(dst, "language"), '[')
	for i, l := range seen {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendString(dst, l)
	}
	return append(dst, ']')
}

// appendConformance opens a resource that describes the server.
func appendConformance(dst []byte, s Server, resource, path, title string) []byte {
	dst = append(dst, `{"resourceType":"`...)
	dst = append(dst, resource...)
	dst = append(dst, '"')
	if s.BaseURL != "" {
		dst = appendMember(dst, "url", s.BaseURL+"/"+path)
	}
	dst = appendMember(dst, "version", s.Version)
	dst = appendMember(dst, "name", s.Software+title)
	dst = appendMember(dst, "title", s.Software+" terminology server")
	dst = appendMember(dst, "status", "active")
	return appendMember(dst, "date", s.Released)
}

func appendSoftware(dst []byte, s Server) []byte {
	dst = append(appendKey(dst, "software"), '{')
	dst = appendMember(dst, "name", s.Software)
	dst = appendMember(dst, "version", s.Version)
	return append(appendMember(dst, "releaseDate", s.Released), '}')
}
