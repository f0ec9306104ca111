package releasetest

import (
	"errors"
	"strconv"
)

// Summary says what a written release holds, for checks and for queries.
type Summary struct {
	Version  string    // version URI of the edition
	Packages [2]string // folders: International, Norwegian

	Active, Inactive int            // concepts
	IsA, Attributes  int            // active relationships
	Rows             map[string]int // by file name, without header
	Bytes            int64

	Samples Samples
}

// Samples are up to 100 codes or terms of each sort that queries ask for.
type Samples struct {
	Bokmal   []string // concepts with a bokmål preferred term
	Nynorsk  []string // with a nynorsk one
	Inactive []string // retired concepts with an association
	Mapped   []string // active concepts with rows in the ICD-10 map
	Deep     []string // active concepts far from the root
	Hubs     []string // concepts with many children
	Terms    []string // bokmål preferred terms
}

const samples = 100

// sample notes the code of concept i, as long as there is room.
func (e *edition) sample(to *[]string, i int32) {
	if len(*to) < samples {
		*to = append(*to, strconv.FormatUint(e.concepts[i].id, 10))
	}
}

// WriteSNOMED writes a synthetic SNOMED CT edition below dir, which it creates: the
// International package and the Norwegian one, each with its Snapshot files.
func WriteSNOMED(dir string, o Options) (Summary, error) {
	o = o.defaults()
	e, err := newEdition(dir, newWorld(o), o)
	if err != nil {
		return Summary{}, err
	}
	e.writeConcepts()
	e.writeDescriptions()
	e.writeRelationships()
	e.writeHistory()
	e.writeSimple()
	e.writeSimpleMaps()
	icd10, icpc2 := newICD10(o), newICPC2(o)
	e.writeMaps(icd10.leaves(), icpc2.leaves())
	e.writeDependencies()
	e.sampleShape()
	if err := errors.Join(e.close()); err != nil {
		return Summary{}, err
	}
	s := e.summary
	s.Version = "http://snomed.info/sct/51000202101/version/" + strconv.Itoa(dateNO)
	s.Packages = e.packages
	s.Active, s.Inactive = e.active, len(e.concepts)-e.active
	return s, nil
}

// sampleShape notes hubs and deep concepts.
func (e *edition) sampleShape() {
	deepest := uint8(0)
	for i := range e.active {
		deepest = max(deepest, e.concepts[i].depth)
	}
	for i := range int32(e.active) {
		if e.concepts[i].depth+3 >= deepest {
			e.sample(&e.summary.Samples.Deep, i)
		}
		if c := e.concepts[i]; c.kind != knownKind && len(e.childrenOf(i)) > e.o.Concepts/1000 {
			e.sample(&e.summary.Samples.Hubs, i)
		}
	}
}
