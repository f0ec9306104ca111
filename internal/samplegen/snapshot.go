package main

import (
	"bytes"
	"strings"
)

// Short names of the files of a package; fileTable gives their full names.
const (
	conceptFile        = "concept"
	descriptionEN      = "description-en"
	descriptionNO      = "description-no"
	definitionEN       = "definition-en"
	relationshipFile   = "relationship"
	concreteFile       = "concrete"
	owlFile            = "owl"
	languageEN         = "language-en"
	languageNB         = "language-nb"
	languageNN         = "language-nn"
	languageNBGP       = "language-nb-gp"
	languageNNGP       = "language-nn-gp"
	associationFile    = "association"
	attributeValueFile = "attribute-value"
	simpleFile         = "simple"
	simpleMapFile      = "simple-map"
	extendedMapFile    = "extended-map"
	annotationFile     = "annotation"
	dependencyFile     = "dependency"
	mrcmDomainFile     = "mrcm-domain"
	mrcmRangeFile      = "mrcm-range"
)

const (
	component        = "id effectiveTime active moduleId "
	refsetMember     = component + "refsetId referencedComponentId "
	descriptionRow   = component + "conceptId languageCode typeId term caseSignificanceId"
	languageRow      = refsetMember + "acceptabilityId"
	relationshipTail = " relationshipGroup typeId characteristicTypeId modifierId"
)

// fileTable gives each file its folder, stem and header. Releases end lines
// with CR LF; unix marks the files that end them with LF alone, for both occur.
var fileTable = []struct {
	short, stem, header string
	unix                bool
}{
	{conceptFile, "Terminology/sct2_Concept_Snapshot_", component + "definitionStatusId", false},
	{descriptionEN, "Terminology/sct2_Description_Snapshot-en_", descriptionRow, false},
	{descriptionNO, "Terminology/sct2_Description_Snapshot-no_", descriptionRow, false},
	{definitionEN, "Terminology/sct2_TextDefinition_Snapshot-en_", descriptionRow, true},
	{relationshipFile, "Terminology/sct2_Relationship_Snapshot_", component + "sourceId destinationId" + relationshipTail, false},
	{concreteFile, "Terminology/sct2_RelationshipConcreteValues_Snapshot_", component + "sourceId value" + relationshipTail, false},
	{owlFile, "Terminology/sct2_sRefset_OWLExpressionSnapshot_", refsetMember + "owlExpression", false},
	{languageEN, "Refset/Language/der2_cRefset_LanguageSnapshot-en_", languageRow, false},
	{languageNB, "Refset/Language/der2_cRefset_LanguageSnapshot-nb_", languageRow, false},
	{languageNN, "Refset/Language/der2_cRefset_LanguageSnapshot-nn_", languageRow, true},
	{languageNBGP, "Refset/Language/der2_cRefset_LanguageSnapshot-nb-gp_", languageRow, false},
	{languageNNGP, "Refset/Language/der2_cRefset_LanguageSnapshot-nn-gp_", languageRow, false},
	{associationFile, "Refset/Content/der2_cRefset_AssociationSnapshot_", refsetMember + "targetComponentId", false},
	{attributeValueFile, "Refset/Content/der2_cRefset_AttributeValueSnapshot_", refsetMember + "valueId", false},
	{simpleFile, "Refset/Content/der2_Refset_SimpleSnapshot_", strings.TrimSpace(refsetMember), false},
	{annotationFile, "Refset/Content/der2_issRefset_PortalSymptomSnapshot_", refsetMember + "articleOrder audience articleTitle", true},
	{simpleMapFile, "Refset/Map/der2_sRefset_SimpleMapSnapshot_", refsetMember + "mapTarget", true},
	{extendedMapFile, "Refset/Map/der2_iisssccRefset_ExtendedMapSnapshot_", refsetMember + "mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId", false},
	{dependencyFile, "Refset/Metadata/der2_ssRefset_ModuleDependencySnapshot_", refsetMember + "sourceEffectiveTime targetEffectiveTime", false},
	{mrcmDomainFile, "Refset/Metadata/der2_cissccRefset_MRCMAttributeDomainSnapshot_", refsetMember + "domainId grouped attributeCardinality attributeInGroupCardinality ruleStrengthId contentTypeId", true},
	{mrcmRangeFile, "Refset/Metadata/der2_ssccRefset_MRCMAttributeRangeSnapshot_", refsetMember + "rangeConstraint attributeRule ruleStrengthId contentTypeId", true},
}

// files returns the files of both packages; a file without rows is left out.
func (e *edition) files() []File {
	files := e.international.files("snomed/SnomedCT_International_Sample_20250901/Snapshot/", "INT_20250901.txt")
	return append(files, e.norwegian.files("snomed/SnomedCT_ManagedServiceNO_Sample_NO1000202_20250915/Snapshot/", "NO1000202_20250915.txt")...)
}

func (p *part) files(folder, ending string) []File {
	var files []File
	for _, f := range fileTable {
		rows := p.rows[f.short]
		if len(rows) == 0 {
			continue
		}
		header := strings.ReplaceAll(f.header, " ", "\t")
		files = append(files, File{folder + f.stem + ending, lines(f.unix, append([]string{header}, rows...))})
	}
	return files
}

// lines joins rows, each with its line end.
func lines(unix bool, rows []string) []byte {
	end := "\r\n"
	if unix {
		end = "\n"
	}
	var b bytes.Buffer
	for _, row := range rows {
		b.WriteString(row)
		b.WriteString(end)
	}
	return b.Bytes()
}
