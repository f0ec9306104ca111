package terminology

// Concept is one code of a release, as its source says it.
type Concept struct {
	Code      string
	Inactive  bool   // kept, findable, but not for new use
	Abstract  bool   // FHIR notSelectable: a chapter or block, not a code to record
	Defined   bool   // SNOMED CT: sufficiently defined
	Effective Date   // when the source last changed it; 0 when it does not say
	Module    string // SNOMED CT module; empty elsewhere
	From, To  Date   // first and last day on which it is valid; 0 is open
}

// The uses of designations of code systems that have no codes of their own for
// them. SNOMED CT designations carry the id of their description type instead.
const (
	UseDisplay    = "display"    // the preferred term
	UseShort      = "short"      // a short form for lists, such as 60 characters
	UseSynonym    = "synonym"    // another term
	UseDefinition = "definition" // a text that defines
	UseSearch     = "search"     // words that find the concept, put together of its parts; no term of it, and not shown as one
)

// Designation is one term of a concept, as its source says it.
type Designation struct {
	Concept   string // code of the concept
	ID        uint64 // SNOMED CT description id; 0 elsewhere
	Language  string // BCP-47, or the two letters that the source writes
	Use       string // Use… above, or the id of a SNOMED CT description type
	Term      string
	Preferred bool // preferred in its Language; SNOMED CT says this by Acceptability instead
	Inactive  bool
	CaseSig   CaseSignificance
	Effective Date
	Module    string
}

// CaseSignificance says whether the case of a term's letters matters.
type CaseSignificance uint8

// The case significances of SNOMED CT.
const (
	CaseInsensitive        CaseSignificance = iota // 900000000000448009
	CaseSensitive                                  // 900000000000017005
	InitialCaseInsensitive                         // 900000000000020002
)

// Acceptability says that a designation is preferred or acceptable in a language
// reference set.
type Acceptability struct {
	Designation uint64 // description id
	Refset      string
	Preferred   bool
}

// ValueKind is the type of a property's value (FHIR CodeSystem.property.type).
type ValueKind uint8

// The kinds of value.
const (
	ValueCode ValueKind = iota // a code of the same code system
	ValueString
	ValueInteger
	ValueDecimal
	ValueBoolean
	ValueDateTime
)

// Property is one property value or attribute of a concept, as its source says
// it. Group is the relationship group of SNOMED CT, 0 elsewhere.
type Property struct {
	Concept string
	Code    string // property code, or the id of an attribute
	Group   uint16
	Kind    ValueKind
	Value   string
}

// Row is one row of a reference set, or of another table that a release keeps by
// its columns. Fields are the columns after referencedComponentId, in the order
// given to Sink.Table. Strings are valid only during the call that passes them.
type Row struct {
	Table     string // reference set id, or a name such as "relationship"
	Component string // referenced component
	ID        string // member id
	Inactive  bool
	Effective Date
	Module    string
	Fields    []string
}

// Mapping is one row of a map between two code systems. Rows of one source are
// in the order of their Group and Priority.
type Mapping struct {
	Map          string // reference set id or canonical URL of the map
	Source       string // source code
	Target       string // target code; empty: the source says that there is none
	Group        uint16
	Priority     uint16
	Relationship Relationship
	Rule         string // when this row applies; empty or TRUE: always
	Advice       string
	Category     string // code of the map category, SNOMED CT only
	Correlation  string // code of the correlation, SNOMED CT only
	Module       string
	// Layer orders rows of one source that stand in the place of each other: only those of
	// its highest layer apply. The rows of an extension of SNOMED CT are above those of
	// the International Edition.
	Layer   uint8
	Display string // of the target, as the source of the map writes it; often empty
	// File and Line are where the source says the row: a path below the folder that is
	// read, and a line from 1 (of a workbook a row, of a FHIR resource 0). ID is the
	// identifier of the row, when it has one: of SNOMED CT the id of the member.
	File string
	Line uint32
	ID   string
	// DependsOn must hold for the row to apply, and Products go with its target (FHIR
	// ConceptMap.group.element.target.dependsOn and product).
	DependsOn, Products []MapTerm
}

// MapTerm is a value that a row of a map depends on or gives besides its target.
type MapTerm struct {
	Property string // URI of the attribute
	Value    Coding // of a text only Display, of a code without code system only Code
}

// Relationship is how the target of a mapping relates to its source, in the
// words of FHIR R5 ConceptMapRelationship.
type Relationship uint8

// The relationships of a mapping.
const (
	RelatedTo Relationship = iota
	Equivalent
	SourceIsNarrower // the target is broader
	SourceIsBroader  // the target is narrower
	NotRelatedTo
)

var relationshipNames = [...]string{"related-to", "equivalent", "source-is-narrower-than-target", "source-is-broader-than-target", "not-related-to"}

// String returns the code of the relationship in FHIR R5.
func (r Relationship) String() string { return relationshipNames[r] }

// Equivalence returns the code of the relationship in FHIR R4
// (ConceptMapEquivalence), which is said of the target.
func (r Relationship) Equivalence() string {
	return [...]string{"relatedto", "equivalent", "wider", "narrower", "disjoint"}[r]
}
