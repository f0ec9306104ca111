package fhir

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Operations lists the operations. Both versions of FHIR have them all.
var Operations = []*Operation{Lookup, CodeSystemValidateCode, Subsumes, Expand, ValueSetValidateCode, BatchValidateCode, Translate, Closure, CacheControl, Versions}

// Versions is the parameter table of $versions.
var Versions = &Operation{Name: "versions", System: true}

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

// Interaction is one of the interactions of the standard with resources of a type.
type Interaction struct {
	Code   string // http://hl7.org/fhir/restful-interaction
	Writes bool   // a read-only server refuses it
}

// Server is what the server says of itself. What it does is for the door to tell, from
// the tables that it answers by.
type Server struct {
	Software string // name of the software
	Version  string // of the software
	Released string // date of the version, yyyy-mm-dd
	BaseURL  string // address of the endpoint, such as https://example.org/fhir/r4
	Writable bool   // resources can be written

	Formats      []string      // MIME types that are read and written
	Interactions []Interaction // with resources of each type
	Operations   []*Operation
	System       []string // interactions with the whole server
}

// does reports whether the server does something that may be writing.
func (s *Server) does(writes bool) bool { return s.Writable || !writes }

// has reports whether the server has an operation.
func (s *Server) has(o *Operation) bool { return s.does(o.Writes) && slices.Contains(s.Operations, o) }

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
	dst = appendStrings(dst, "format", s.Formats)
	dst = append(dst, `,"rest":[{"mode":"server","resource":[`...)
	for _, typ := range operation.ResourceTypes {
		dst = append(s.appendResource(appendItem(dst), typ), '}')
	}
	dst = append(dst, ']')
	if len(s.System) > 0 {
		dst = append(appendKey(dst, "interaction"), '[')
		for _, code := range s.System {
			dst = append(appendMember(appendItem(dst), "code", code), '}')
		}
		dst = append(dst, ']')
	}
	dst = s.appendOperations(dst, "")
	return append(dst, `}]}`...)
}

// appendResource writes what the endpoint can do with resources of a type.
func (s *Server) appendResource(dst []byte, typ string) []byte {
	dst = appendMember(dst, "type", typ)
	if len(s.Interactions) > 0 {
		dst = append(appendKey(dst, "interaction"), '[')
		for _, i := range s.Interactions {
			if s.does(i.Writes) {
				dst = append(appendMember(appendItem(dst), "code", i.Code), '}')
			}
		}
		dst = append(dst, ']')
	}
	dst = append(dst, `,"versioning":"versioned","readHistory":true`...)
	for _, key := range []string{"updateCreate", "conditionalCreate", "conditionalUpdate"} {
		dst = appendBool(dst, key, s.Writable)
	}
	deletes := "not-supported"
	if s.Writable {
		deletes = "single" // a condition that several fit deletes none
	}
	dst = appendMember(appendMember(dst, "conditionalRead", "full-support"), "conditionalDelete", deletes)
	dst = append(dst, `,"searchParam":[`...)
	for _, p := range operation.SearchParameters {
		if p.Only == "" || p.Only == typ {
			dst = append(appendMember(appendMember(appendItem(dst), "name", p.Name), "type", p.Kind), '}')
		}
	}
	return s.appendOperations(append(dst, ']'), typ)
}

// appendOperations writes the operations on a type, or, of "", those of the whole server.
func (s *Server) appendOperations(dst []byte, typ string) []byte {
	first := true
	for _, o := range s.Operations {
		if !s.does(o.Writes) || o.Resource != typ && (typ != "" || !o.System) {
			continue
		}
		if first {
			dst = append(appendKey(dst, "operation"), '[')
			first = false
		}
		dst = appendMember(appendItem(dst), "name", o.Name)
		dst = append(appendMember(dst, "definition", o.URL()), '}')
	}
	if !first {
		dst = append(dst, ']')
	}
	return dst
}

// appendStrings writes a member with strings, and nothing for none.
func appendStrings(dst []byte, key string, list []string) []byte {
	if len(list) == 0 {
		return dst
	}
	dst = append(appendKey(dst, key), '[')
	for i, text := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendString(dst, text)
	}
	return append(dst, ']')
}

// AppendTerminologyCapabilities writes which code systems answer and what the operations
// take (metadata?mode=terminology).
func AppendTerminologyCapabilities(dst []byte, v Version, s Server, list *operation.ListResponse) []byte {
	dst = appendConformance(dst, s, "TerminologyCapabilities", "terminology-capabilities", "TerminologyCapabilities")
	dst = append(dst, `,"kind":"instance"`...)
	dst = appendSoftware(dst, s)
	dst = append(dst, `,"lockedDate":false`...)
	dst = appendCodeSystems(dst, v, list)
	if s.has(Expand) {
		dst = append(dst, `,"expansion":{"hierarchical":true,"paging":true,"incomplete":false,"parameter":[`...)
		for _, name := range accepted(Expand) {
			dst = append(appendMember(appendItem(dst), "name", name), '}')
		}
		dst = append(dst, `],"textFilter":"every word of the filter must begin a word of one term of the concept, in any order"}`...)
	}
	dst = append(dst, `,"codeSearch":"explicit"`...)
	if s.has(CodeSystemValidateCode) {
		dst = append(dst, `,"validateCode":{"translations":false}`...)
	}
	if s.has(Translate) {
		dst = append(dst, `,"translation":{"needsMap":false}`...)
	}
	if s.has(Closure) {
		dst = append(dst, `,"closure":{"translation":false}`...)
	}
	return append(dst, '}')
}

// accepted returns the names of the parameters that an operation follows, in order, but
// not those that only say how its answer is written.
func accepted(op *Operation) []string {
	var names []string
	for _, d := range op.Parameters {
		if d.Use == Supported {
			names = append(names, d.Name)
		}
	}
	for _, d := range general {
		if d.Use == Supported && d.In == Ecosystem {
			names = append(names, d.Name)
		}
	}
	slices.Sort(names)
	return names
}

// appendCodeSystems writes the code systems that answer, with their versions.
func appendCodeSystems(dst []byte, v Version, list *operation.ListResponse) []byte {
	var order []string
	versions := map[string][]*operation.InstalledRelease{}
	for _, releases := range [][]operation.InstalledRelease{list.Releases, list.Resources} {
		for i := range releases {
			r := &releases[i]
			if r.Kind != terminology.KindCodeSystem {
				continue
			}
			known := versions[r.System]
			if known == nil {
				order = append(order, r.System)
			}
			if !slices.ContainsFunc(known, func(k *operation.InstalledRelease) bool { return k.Version == r.Version && !r.Default }) {
				versions[r.System] = append(known, r)
			}
		}
	}
	if len(order) == 0 {
		return dst
	}
	dst = append(appendKey(dst, "codeSystem"), '[')
	for _, system := range order {
		dst = appendCodeSystem(dst, v, system, versions[system])
	}
	return append(dst, ']')
}

func appendCodeSystem(dst []byte, v Version, system string, versions []*operation.InstalledRelease) []byte {
	dst = appendMember(appendItem(dst), "uri", system)
	dst = append(appendKey(dst, "version"), '[')
	content := ""
	own := operation.IsFHIR(system) && slices.ContainsFunc(versions, func(r *operation.InstalledRelease) bool { return r.Version == v.String() })
	for _, r := range versions {
		dst = appendMember(appendItem(dst), "code", r.Version)
		isDefault := r.Default
		if own { // of FHIR's own, the version of the address answers
			isDefault = r.Version == v.String()
		}
		dst = appendBool(dst, "isDefault", isDefault)
		dst = appendBool(dst, "compositional", r.Compositional)
		dst = append(appendLanguages(dst, r), '}')
		if isDefault || content == "" {
			content = firstOf(r.Content, "complete")
		}
	}
	dst = append(dst, ']')
	if v == R5 {
		dst = appendMember(dst, "content", content)
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
	return appendStrings(dst, "language", seen)
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
