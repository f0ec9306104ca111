package rf2

import (
	"slices"
	"strings"
)

// Kind is what the rows of a file are.
type Kind uint8

// The kinds of release file, told by their header. The order is that of reading.
const (
	Other Kind = iota // not a release file
	Concept
	Description // also text definitions: their rows say so by their type
	Relationship
	StatedRelationship
	ConcreteValue
	ModuleDependency
	Identifier
	Language
	Association
	AttributeValue
	Simple
	OWL
	MRCM
	SimpleMap
	SimpleMapWithDescription
	ExtendedMap
	ComplexMap
	OtherMap    // of a shape that only its columns tell: one of them is mapTarget or mapSource
	OtherRefset // kept by its columns
)

var kindNames = [...]string{"other", "concept", "description", "relationship", "stated relationship",
	"concrete value", "module dependency", "identifier", "language", "association", "attribute value",
	"simple", "OWL", "MRCM", "simple map", "simple map with description", "extended map", "complex map",
	"other map", "other refset"}

// String returns the kind in words.
func (k Kind) String() string { return kindNames[k] }

// isMap reports whether the rows lead from one code to another.
func (k Kind) isMap() bool { return k == Association || k >= SimpleMap && k <= OtherMap }

// refset reports whether the rows are members of reference sets.
func (k Kind) refset() bool { return k == ModuleDependency || k >= Language }

const (
	component    = "id effectiveTime active moduleId "
	member       = component + "refsetId referencedComponentId"
	firstColumns = 6 // of a member, up to referencedComponentId
)

// headers gives the kinds their header; columns are checked by checkOf.
var headers = map[string]Kind{
	component + "definitionStatusId":                                                              Concept,
	component + "conceptId languageCode typeId term caseSignificanceId":                           Description,
	component + "sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId": Relationship,
	component + "sourceId value relationshipGroup typeId characteristicTypeId modifierId":         ConcreteValue,
	"alternateIdentifier effectiveTime active moduleId identifierSchemeId referencedComponentId":  Identifier,
	"identifierSchemeId alternateIdentifier effectiveTime active moduleId referencedComponentId":  Identifier,
	member:                                     Simple,
	member + " acceptabilityId":                Language,
	member + " targetComponentId":              Association,
	member + " targetComponent":                Association,
	member + " valueId":                        AttributeValue,
	member + " owlExpression":                  OWL,
	member + " mapTarget":                      SimpleMap,
	member + " mapTarget mapTargetDescription": SimpleMapWithDescription,
	member + " mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId":                   ExtendedMap,
	member + " mapGroup mapPriority mapRule mapAdvice mapTarget correlationId":                                 ComplexMap,
	member + " mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapBlock":                        ComplexMap,
	member + " sourceEffectiveTime targetEffectiveTime":                                                        ModuleDependency,
	member + " rangeConstraint attributeRule ruleStrengthId contentTypeId":                                     MRCM,
	member + " domainId grouped attributeCardinality attributeInGroupCardinality ruleStrengthId contentTypeId": MRCM,
	member + " mrcmRuleRefsetId": MRCM,
	member + " domainConstraint parentDomain proximalPrimitiveConstraint proximalPrimitiveRefinement domainTemplateForPrecoordination domainTemplateForPostcoordination guideURL": MRCM,
}

// folded is headers with case folded, since old packages write refSetId.
var folded = func() map[string]Kind {
	m := make(map[string]Kind, len(headers))
	for h, k := range headers {
		m[strings.ToLower(h)] = k
	}
	return m
}()

// kindOf tells a file by its header line and, where two kinds share a header, by
// its name. The columns are those of the line. Spaces in the place of tabs are
// taken in a header, as hand-made packages have them.
func kindOf(header, name string) (Kind, []string) {
	columns := strings.Fields(header)
	joined := strings.ToLower(strings.Join(columns, " "))
	kind := folded[joined]
	switch {
	case kind == Relationship && strings.Contains(strings.ToLower(name), "statedrelationship"):
		kind = StatedRelationship
	case kind == Other && strings.HasPrefix(joined, strings.ToLower(member)+" "):
		kind = OtherRefset
		if slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, "mapTarget") || strings.EqualFold(c, "mapSource") }) {
			kind = OtherMap
		}
	}
	return kind, columns
}

// Form tells which rows of a component a file has.
type Form uint8

// The forms of release file.
const (
	Snapshot Form = iota // the state of each component; also of a file that does not say
	Full                 // every state that it has had
	Delta                // states since the release before
)

var formNames = [...]string{"Snapshot", "Full", "Delta"}

// String returns the word for the form in the names of files.
func (f Form) String() string { return formNames[f] }

// formOf reads the form from a file's name (sct2_Concept_Snapshot_INT_…,
// der2_cRefset_LanguageSnapshot-en_…), else from its folders.
func formOf(path string) Form {
	parts := strings.Split(path, "/")
	if words := strings.Split(parts[len(parts)-1], "_"); len(words) > 2 {
		content, _, _ := strings.Cut(words[2], "-")
		for i, form := range formNames {
			if strings.HasSuffix(content, form) {
				return Form(i)
			}
		}
	}
	for i := len(parts) - 2; i >= 0; i-- {
		for f, form := range formNames {
			if strings.EqualFold(parts[i], form) {
				return Form(f)
			}
		}
	}
	return Snapshot
}

// named reports whether a file's name says that it is a release file.
func named(base string) bool {
	base = strings.TrimPrefix(strings.ToLower(base), "x")
	return strings.HasPrefix(base, "sct2_") || strings.HasPrefix(base, "der2_")
}
