package fhir

import (
	"slices"
	"strings"
)

// Operation is the parameter table of one operation: every parameter that the
// standard gives it, also those that we refuse.
type Operation struct {
	Resource   string // CodeSystem, ValueSet, ConceptMap; "": of the whole server only
	Name       string // without $
	Parameters []Definition
	// System tells that the operation is one of the whole server too.
	System bool
	// Changes tells that the operation changes what the server keeps in mind, so that it is
	// asked by POST alone; Writes that it writes, which a read-only server refuses.
	Changes, Writes bool
	// Defined is the canonical URL of the definition, where that is not in the core of the
	// standard.
	Defined string
}

// Path returns the operation as it stands in an address: CodeSystem/$lookup.
func (o *Operation) Path() string {
	switch {
	case o == Metadata:
		return o.Name
	case o.Name == "":
		return o.Resource
	case o.Resource == "":
		return "$" + o.Name
	}
	return o.Resource + "/$" + o.Name
}

// Paths returns the operation as it stands in all of its addresses.
func (o *Operation) Paths() []string {
	if o.System && o.Resource != "" {
		return []string{o.Path(), "$" + o.Name}
	}
	return []string{o.Path()}
}

// URL returns the canonical URL of the operation's definition.
func (o *Operation) URL() string {
	switch {
	case o.Defined != "":
		return o.Defined
	case o.Resource == "":
		return "http://hl7.org/fhir/OperationDefinition/CapabilityStatement-" + o.Name
	}
	return "http://hl7.org/fhir/OperationDefinition/" + o.Resource + "-" + o.Name
}

// Definition is one row of a parameter table.
type Definition struct {
	Name string
	Type Type
	Many bool // may come more than once
	In   Origin
	Use  Use
	// Same names the parameter that this one is another spelling of.
	Same string
	// Only is the one value that we can follow; any other is refused.
	Only string
	// Versioned: the value is a canonical URL with |version.
	Versioned bool
	// Note says why a parameter is refused or ignored.
	Note string
	// Echo: an expansion repeats the parameter in ValueSet.expansion.parameter.
	Echo bool
}

// Type is the type of a parameter.
type Type uint8

// The types. From Coding on they are objects, which a query cannot carry.
const (
	String Type = iota
	Code
	URI
	Boolean
	Integer
	DateTime
	CodingType
	CodeableConceptType
	ValueSetType
	ResourceType // a resource of any type
	// DependencyType is the parts of a dependency of ConceptMap/$translate.
	DependencyType
	OtherType // a resource or a group of parts that we never read
)

var typeNames = [...]string{"string", "code", "uri", "boolean", "integer", "dateTime", "Coding", "CodeableConcept", "ValueSet", "resource", "dependency", "object"}

// String returns the name of the type in FHIR.
func (t Type) String() string { return typeNames[t] }

func (t Type) complex() bool { return t >= CodingType }

// member returns the member of a parameter that has a value of the type.
func (t Type) member() string {
	name := t.String()
	return "value" + strings.ToUpper(name[:1]) + name[1:]
}

// Origin says where a parameter is defined.
type Origin uint8

// The origins.
const (
	Both      Origin = iota // R4 and R5
	OnlyR4                  // R4; R5 dropped or renamed it
	OnlyR5                  // R5; we read it in R4 as well
	Ecosystem               // not the core standard: HL7's terminology ecosystem, or common practice
)

// Use says what we do with a parameter.
type Use uint8

// The uses.
const (
	Supported Use = iota
	Ignored       // has no effect, as the standard allows
	Refused       // the request fails, and names the parameter
)

// find returns the row of a parameter, or nil.
func (o *Operation) find(name string) *Definition {
	for i := range o.Parameters {
		if o.Parameters[i].Name == name {
			return &o.Parameters[i]
		}
	}
	for i := range general {
		if general[i].Name == name {
			return &general[i]
		}
	}
	return nil
}

// names returns the names of the parameters that an operation takes, in the order of its
// table.
func (o *Operation) names() []string {
	var out []string
	for i := range o.Parameters {
		if d := &o.Parameters[i]; d.Use != Refused && !slices.Contains(out, d.Name) {
			out = append(out, d.Name)
		}
	}
	return out
}

// GeneralParameters returns the parameters that every operation has beside its own.
func GeneralParameters() []Definition { return slices.Clone(general) }

// versionRules are the parameters that choose versions (HL7 terminology ecosystem).
var versionRules = []Definition{
	{Name: "system-version", Type: URI, Many: true, Versioned: true},
	{Name: "check-system-version", Type: URI, Many: true, Versioned: true},
	{Name: "force-system-version", Type: URI, Many: true, Versioned: true},
	{Name: "default-valueset-version", Type: URI, Many: true, In: Ecosystem, Versioned: true},
	{Name: "useSupplement", Type: URI, Many: true, In: OnlyR5},
}

// general are the parameters of every operation (FHIR R5, http, "Parameters for
// all interactions"). _format is read by the server before the operation.
var general = []Definition{
	{Name: "_format", Type: Code},
	{Name: "_pretty", Type: Boolean},
	{Name: "_summary", Type: Code, Use: Ignored, Note: "a server may return more than asked for"},
	{Name: "_elements", Type: String, Many: true, Use: Ignored, Note: "a server may return more than asked for"},
	{Name: "uuid", Type: URI, In: Ecosystem, Use: Ignored, Note: "identifies the request, asks for nothing"},
	{Name: "tx-resource", Type: ResourceType, Many: true, In: Ecosystem},
	{Name: "cache-id", Type: String, In: Ecosystem}, // of the client's choice; that of $cache-control is a header
	{Name: "profile", Type: OtherType, In: Ecosystem, Use: Ignored, Note: "the parameters themselves are taken"},
}
