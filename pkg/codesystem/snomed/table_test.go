package snomed

import (
	"slices"
	"testing"
)

// TestKnownIDs: every identifier in the tables has its check digit, and no tag
// names two language reference sets.
func TestKnownIDs(t *testing.T) {
	ids := []ID{Root, IsA, ModelComponent, RefsetRoot, ModuleRoot, Primitive, Defined, FSN, Synonym, Definition,
		CaseInsensitive, CaseSensitive, InitialCaseInsensitive, Preferred, Acceptable, Stated, Inferred, Additional, Qualifying,
		CoreModule, ModelModule, ICD10Module, ICD11Module, NorwegianModule, NorwegianMedicineModule, ConceptInactivation, DescriptionInactivation,
		ModuleDependency, RefsetDescriptor, OWLAxiom, OWLOntology, MRCMDomain, MRCMAttributeDomain, MRCMAttributeRange, MRCMModuleScope,
		NotMappable, ExactMatch, NarrowToBroad, BroadToNarrow, PartialOverlap, NotSpecified, ProperlyClassified, NotClassifiable, ContextDependent}
	tags := []string{}
	for id, tag := range languages {
		ids = append(ids, id)
		if slices.Contains(tags, tag) {
			t.Errorf("two language reference sets have the tag %s", tag)
		}
		tags = append(tags, tag)
	}
	for id := range editions {
		ids = append(ids, id)
	}
	for id := range maps {
		ids = append(ids, id)
	}
	for _, id := range ids {
		if _, err := ParseID(id.String()); err != nil || !id.IsConcept() {
			t.Errorf("%d: %v, want a concept id", id, err)
		}
	}
}
