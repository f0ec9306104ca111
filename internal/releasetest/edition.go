package releasetest

import (
	"cmp"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
)

// The dates of the two packages.
const (
	dateINT = 20250901
	dateNO  = 20251015
)

// Identifiers that rows carry.
const (
	coreModule   = 900000000000207008
	modelModule  = 900000000000012004
	icd10Module  = 449080006
	norwayModule = 51000202101

	isA         = 116680003
	inferred    = 900000000000011006
	existential = 900000000000451002

	fullySpecifiedName = 900000000000003001
	synonym            = 900000000000013009
	definition         = 900000000000550004
	caseInsensitive    = 900000000000448009
	caseSensitive      = 900000000000017005
	initialInsensitive = 900000000000020002

	usRefset   = 900000000000509007
	gbRefset   = 900000000000508004
	nbRefset   = 61000202103
	nnRefset   = 91000202106
	preferred  = 900000000000548007
	acceptable = 900000000000549004
)

// fileKind is one of the files of a package.
type fileKind int

const (
	conceptFile fileKind = iota
	descriptionEN
	descriptionNO
	textDefinition
	relationshipFile
	concreteFile
	owlFile
	languageEN
	languageNB
	languageNN
	associationFile
	attributeValueFile
	simpleFile
	simpleMapFile
	extendedMapFile
	icpcMapFile
	moduleDependencyFile
	fileKinds
)

const (
	forINT = 1 << iota
	forNO
	forBoth = forINT | forNO
)

const memberHeader = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId"

// fileTable has where each file is, what stands before and after "Snapshot" in its
// name, its header, and the packages that have it.
var fileTable = [fileKinds]struct {
	folder, stem, language, header string
	packages                       int
}{
	conceptFile:          {"Terminology", "sct2_Concept_", "", "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId", forBoth},
	descriptionEN:        {"Terminology", "sct2_Description_", "-en", descriptionHeader, forBoth},
	descriptionNO:        {"Terminology", "sct2_Description_", "-no", descriptionHeader, forNO},
	textDefinition:       {"Terminology", "sct2_TextDefinition_", "-en", descriptionHeader, forINT},
	relationshipFile:     {"Terminology", "sct2_Relationship_", "", "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId" + relationshipTail, forBoth},
	concreteFile:         {"Terminology", "sct2_RelationshipConcreteValues_", "", "id\teffectiveTime\tactive\tmoduleId\tsourceId\tvalue" + relationshipTail, forBoth},
	owlFile:              {"Terminology", "sct2_sRefset_OWLExpression", "", memberHeader + "\towlExpression", forBoth},
	languageEN:           {"Refset/Language", "der2_cRefset_Language", "-en", memberHeader + "\tacceptabilityId", forBoth},
	languageNB:           {"Refset/Language", "der2_cRefset_Language", "-nb", memberHeader + "\tacceptabilityId", forNO},
	languageNN:           {"Refset/Language", "der2_cRefset_Language", "-nn", memberHeader + "\tacceptabilityId", forNO},
	associationFile:      {"Refset/Content", "der2_cRefset_Association", "", memberHeader + "\ttargetComponentId", forBoth},
	attributeValueFile:   {"Refset/Content", "der2_cRefset_AttributeValue", "", memberHeader + "\tvalueId", forBoth},
	simpleFile:           {"Refset/Content", "der2_Refset_Simple", "", memberHeader, forBoth},
	simpleMapFile:        {"Refset/Map", "der2_sRefset_SimpleMap", "", memberHeader + "\tmapTarget", forINT},
	extendedMapFile:      {"Refset/Map", "der2_iisssccRefset_ExtendedMap", "", memberHeader + mapTail, forBoth},
	icpcMapFile:          {"Refset/Map", "der2_iisssccRefset_ICPC2ExtendedMap", "", memberHeader + mapTail, forNO},
	moduleDependencyFile: {"Refset/Metadata", "der2_ssRefset_ModuleDependency", "", memberHeader + "\tsourceEffectiveTime\ttargetEffectiveTime", forBoth},
}

const (
	descriptionHeader = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId"
	relationshipTail  = "\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId"
	mapTail           = "\tmapGroup\tmapPriority\tmapRule\tmapAdvice\tmapTarget\tcorrelationId\tmapCategoryId"
)

// edition is a release while it is written.
type edition struct {
	*world
	o        Options
	packages [2]string // the folders: International, Norwegian
	files    [fileKinds][2]*rf2File
	order    []int32 // concepts by identifier, as files list them
	items    [2][3]uint64
	summary  Summary
	buf      []byte
	nbBuf    []byte
}

// newEdition creates all files below dir.
func newEdition(dir string, w *world, o Options) (*edition, error) {
	e := &edition{world: w, o: o}
	suffix := [2]string{"_INT_" + strconv.Itoa(dateINT), "_NO1000202_" + strconv.Itoa(dateNO)}
	e.packages = [2]string{
		filepath.Join(dir, "SnomedCT_InternationalRF2_PRODUCTION_"+strconv.Itoa(dateINT)+"T120000Z"),
		filepath.Join(dir, "SnomedCT_ManagedServiceNO_PRODUCTION_NO1000202_"+strconv.Itoa(dateNO)+"T120000Z"),
	}
	for k, t := range fileTable {
		for p := range e.packages {
			if t.packages&(1<<p) == 0 {
				continue
			}
			name := t.stem + "Snapshot" + t.language + suffix[p] + ".txt"
			f, err := createFile(filepath.Join(e.packages[p], "Snapshot", t.folder, name), t.header)
			if err != nil {
				return e, errors.Join(err, e.close())
			}
			e.files[k][p] = f
		}
	}
	e.items = [2][3]uint64{{0, 5_000_000_000, 9_000_000_000}, {0, 3_000_000, 6_000_000}}
	e.order = make([]int32, len(w.concepts))
	for i := range e.order {
		e.order[i] = int32(i)
	}
	slices.SortFunc(e.order, func(a, b int32) int { return cmp.Compare(w.concepts[a].id, w.concepts[b].id) })
	return e, nil
}

// close closes the files and notes their figures in the summary.
func (e *edition) close() error {
	var errs []error
	e.summary.Rows = map[string]int{}
	for k := range e.files {
		for _, f := range e.files[k] {
			if f != nil {
				errs = append(errs, f.close())
				e.summary.Rows[filepath.Base(f.path)] = f.rows
				e.summary.Bytes += f.bytes
			}
		}
	}
	return errors.Join(errs...)
}

// home returns the package and module of concept i.
func (e *edition) home(i int32) (pkg int, module uint64) {
	c := &e.concepts[i]
	switch {
	case c.flags&norwayOwn != 0:
		return 1, norwayModule
	case c.kind == knownKind && c.id > 1e14:
		return 0, modelModule
	}
	return 0, coreModule
}

// newID returns the next description or relationship identifier of a package.
func (e *edition) newID(pkg int, partition uint64) uint64 {
	e.items[pkg][partition] += 1 + e.next()&3
	return sctid(e.items[pkg][partition], partition, pkg == 1)
}

// date returns an effectiveTime: international releases came out twice a year up to
// 2021 and monthly since, Norwegian ones on the 15th.
func (e *edition) date(pkg int) uint32 {
	r := e.next()
	month := uint32(1 + r>>8%12)
	year := uint32(2019 + r>>16%6)
	switch {
	case pkg == 1:
		return year*10000 + month*100 + 15
	case r&3 == 0:
		return 20020131
	case r&3 == 1:
		return (2003+uint32(r>>16%18))*10000 + 131 + uint32(r>>8&1)*600
	}
	return (2022+uint32(r>>16%3))*10000 + month*100 + 1
}

// sampler picks exactly want of the left items that come by, at even chances.
type sampler struct{ left, want int }

func (s *sampler) pick(r *random) bool {
	if s.left <= 0 {
		return false
	}
	hit := r.below(s.left) < s.want
	s.left--
	if hit {
		s.want--
	}
	return hit
}
