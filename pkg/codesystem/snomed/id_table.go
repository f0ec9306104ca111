package snomed

// Concepts that the model stands on.
const (
	Root           ID = 138875005          // SNOMED CT Concept
	IsA            ID = 116680003          // the edge of the subtype hierarchy
	ModelComponent ID = 900000000000441003 // SNOMED CT Model Component
	RefsetRoot     ID = 900000000000455006 // Reference set
	ModuleRoot     ID = 900000000000443000 // Module
)

// Definition status of a concept.
const (
	Primitive ID = 900000000000074008
	Defined   ID = 900000000000073002
)

// Description types.
const (
	FSN        ID = 900000000000003001 // fully specified name
	Synonym    ID = 900000000000013009
	Definition ID = 900000000000550004 // text definition
)

// Case significance of a description.
const (
	CaseInsensitive        ID = 900000000000448009
	CaseSensitive          ID = 900000000000017005
	InitialCaseInsensitive ID = 900000000000020002
)

// Acceptability of a description in a language reference set.
const (
	Preferred  ID = 900000000000548007
	Acceptable ID = 900000000000549004
)

// Characteristic types of a relationship.
const (
	Stated     ID = 900000000000010007
	Inferred   ID = 900000000000011006
	Additional ID = 900000000000227009
	Qualifying ID = 900000000000225001
)

// Language reference sets.
const (
	Bokmal    ID = 61000202103     // Norwegian Bokmål
	Nynorsk   ID = 91000202106     // Norwegian Nynorsk
	BokmalGP  ID = 47351000202107  // Bokmål for general practice
	NynorskGP ID = 188001000202106 // Nynorsk for general practice
	USEnglish ID = 900000000000509007
	GBEnglish ID = 900000000000508004
)

// Modules.
const (
	CoreModule              ID = 900000000000207008 // also the International Edition
	ModelModule             ID = 900000000000012004 // SNOMED CT model component module
	ICD10Module             ID = 449080006          // International map to ICD-10
	ICD11Module             ID = 1204363008         // International map to ICD-11
	NorwegianModule         ID = 51000202101        // also the Norwegian Edition
	NorwegianMedicineModule ID = 57091000202101
)

// Association reference sets: what became of an inactive component.
const (
	PossiblyEquivalentTo  ID = 900000000000523009
	MovedTo               ID = 900000000000524003
	MovedFrom             ID = 900000000000525002
	ReplacedBy            ID = 900000000000526001
	SameAs                ID = 900000000000527005
	WasA                  ID = 900000000000528000
	SimilarTo             ID = 900000000000529008
	Alternative           ID = 900000000000530003
	RefersTo              ID = 900000000000531004
	PossiblyReplacedBy    ID = 1186921001
	PartiallyEquivalentTo ID = 1186924009
	Anatomy               ID = 734139008 // Anatomy structure and part
)

// Other reference sets.
const (
	ConceptInactivation     ID = 900000000000489007
	DescriptionInactivation ID = 900000000000490003
	ModuleDependency        ID = 900000000000534007
	RefsetDescriptor        ID = 900000000000456007
	OWLAxiom                ID = 733073007
	OWLOntology             ID = 762103008
	MRCMDomain              ID = 723560006
	MRCMAttributeDomain     ID = 723561005
	MRCMAttributeRange      ID = 723562003
	MRCMModuleScope         ID = 723563008
)

// Map reference sets.
const (
	ICD10Map       ID = 447562003      // extended map; Norwegian rows override International ones
	ICPC2Map       ID = 68101000202102 // Norwegian extended map
	ICPC2SimpleMap ID = 450993002      // International simple map
	OrphanetMap    ID = 784008009
	ICDOMap        ID = 446608001
	ICD9CMMap      ID = 447563008
	ICD10CMMap     ID = 6011000124106  // extended map of the United States
	NKPKMap        ID = 37821000202109 // to the Norwegian procedure codes
	NKPKReverseMap ID = 37761000202105
	ATCMap         ID = 2041000202101
	CTV3Map        ID = 900000000000497000
	MedDRAMap      ID = 816210007
)

// Correlation of a map row.
const (
	NotMappable    ID = 447556008
	ExactMatch     ID = 447557004
	NarrowToBroad  ID = 447558009
	BroadToNarrow  ID = 447559001
	PartialOverlap ID = 447560006
	NotSpecified   ID = 447561005
)

// Category of a map row.
const (
	ProperlyClassified ID = 447637006
	NotClassifiable    ID = 447638001 // with available data
	ContextDependent   ID = 447639009
)
