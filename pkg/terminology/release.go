package terminology

// Release is the identity of one version of one code system or map.
type Release struct {
	Kind     ReleaseKind `json:"kind"`
	Name     string      `json:"name"`              // folder of the system, such as "snomed-51000202101" or "icd-10-no"
	System   string      `json:"system"`            // canonical URI; of a map, its URL
	Version  string      `json:"version"`           // as clients write it, such as http://snomed.info/sct/51000202101/version/20250915
	Edition  string      `json:"edition,omitempty"` // SNOMED CT: URI of the edition, the version without its date
	Date     string      `json:"date"`              // folder of the version and its place in order: 20250915, 2026, 2026-11-22
	Title    string      `json:"title"`
	Language string      `json:"language"` // of displays when none is asked for
	CaseSens bool        `json:"caseSensitive"`
	Source   string      `json:"source,omitempty"` // of a map: canonical URI of the source system
	Target   string      `json:"target,omitempty"` // of a map: canonical URI of the target system
	Maps     []MapInfo   `json:"maps,omitempty"`
	// Short and Aliases are what the code system is called besides System: names to
	// type, the first to show, and other URIs; an OID is written bare and stands for
	// urn:oid: too. They are for systems whose release alone tells their names.
	Short   []string `json:"short,omitempty"`
	Aliases []string `json:"aliases,omitempty"`
	// Content is "fragment" or "example" when the release has only some of the codes of
	// its system, so that a code it lacks is not known to be wrong; else "".
	Content string `json:"content,omitempty"`
	// Ordered tells that the order in which the source says concepts is the publisher's,
	// and to be kept among those at one place of the hierarchy.
	Ordered bool `json:"ordered,omitempty"`
	// ValueSet is the canonical URL of the value set of all codes of the system, when it
	// has one (FHIR CodeSystem.valueSet).
	ValueSet string `json:"valueSet,omitempty"`
}

// ReleaseKind tells what a release holds.
type ReleaseKind string

// The kinds of release.
const (
	KindCodeSystem ReleaseKind = "CodeSystem"
	KindConceptMap ReleaseKind = "ConceptMap"
	// KindResources is a collection of FHIR resources, such as those of a package.
	KindResources ReleaseKind = "Resources"
)

// MapInfo names a map that a release holds.
type MapInfo struct {
	ID      string `json:"id"`  // Mapping.Map of its rows
	URL     string `json:"url"` // canonical URL under which clients ask for it
	Title   string `json:"title"`
	Source  string `json:"source"` // canonical URI of the source system
	Target  string `json:"target"` // canonical URI of the target system; empty when not known
	Sources int    `json:"sources"`
	Rows    int    `json:"rows"`
	// SourceVersion and TargetVersion are the versions of the code systems that the map
	// was made for; empty when it does not say.
	SourceVersion string `json:"sourceVersion,omitempty"`
	TargetVersion string `json:"targetVersion,omitempty"`
	// Together tells that a row with the first priority of its group cannot be judged by
	// itself: another one of the group has it too, or has a rule where this one has none.
	Together bool `json:"together,omitempty"`
	// Ordered tells that the source of the map gives its rows priorities: those that others
	// have are their places in it.
	Ordered bool `json:"ordered,omitempty"`
	// Unmapped is what becomes of a source code without rows; nil: nothing.
	Unmapped *Unmapped `json:"unmapped,omitempty"`
}

// Unmapped is what a map says of source codes that it has no rows for (FHIR
// ConceptMap.group.unmapped).
type Unmapped struct {
	Mode         UnmappedMode `json:"mode"`
	Code         string       `json:"code,omitempty"` // of UnmappedFixed
	Display      string       `json:"display,omitempty"`
	Relationship Relationship `json:"relationship,omitempty"`
	Map          string       `json:"map,omitempty"` // canonical URL of the map of UnmappedOther
}

// UnmappedMode tells where the target of a code without rows comes from.
type UnmappedMode string

// The modes, as R5 names them.
const (
	UnmappedSource UnmappedMode = "use-source-code" // the same code (R4: provided)
	UnmappedFixed  UnmappedMode = "fixed"           // one code for all
	UnmappedOther  UnmappedMode = "other-map"       // as another map says
)
