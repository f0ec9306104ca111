package releasetest

// The reference sets and values of inactivation.
const (
	conceptIndicator     = 900000000000489007
	descriptionIndicator = 900000000000490003
	conceptNonCurrent    = 900000000000495008

	sameAs               = 900000000000527005
	replacedBy           = 900000000000526001
	possiblyEquivalentTo = 900000000000523009
	wasA                 = 900000000000528000
)

// Reasons, the frequent first.
var (
	descriptionReasons = [...]uint64{900000000000494007, 900000000000483008, 900000000000482003, 900000000000485001}
	conceptReasons     = [...]struct{ reason, association uint64 }{
		{900000000000482003, sameAs},
		{900000000000484002, possiblyEquivalentTo},
		{900000000000483008, replacedBy},
		{900000000000485001, replacedBy},
		{900000000000486000, wasA},
	}
)

// simpleSets are the simple reference sets: who is in, and how many of a thousand.
var simpleSets = [...]struct {
	refset, module uint64
	kinds          []int
	share          int
}{
	{723264001, coreModule, []int{bodyKind}, 650},
	{450970008, coreModule, []int{findingKind, procedureKind}, 30},
	{816080008, coreModule, []int{findingKind, procedureKind, substanceKind}, 50},
	{88161000202101, norwayModule, []int{findingKind, procedureKind, bodyKind}, 90},
	{1991000202102, norwayModule, []int{findingKind}, 30},
	{2001000202104, norwayModule, []int{findingKind}, 5},
}

func (e *edition) writeIndicator(pkg int, module, refset, component, reason uint64) {
	e.files[attributeValueFile][pkg].member(&e.random, e.date(pkg), true, module, refset, component).num(reason).end()
}

// writeHistory says of each inactive concept why it is, and what is to be used.
func (e *edition) writeHistory() {
	for _, i := range e.order {
		c := &e.concepts[i]
		if c.flags&inactive == 0 {
			continue
		}
		pkg, module := e.home(i)
		why := conceptReasons[e.skewed(len(conceptReasons))]
		e.writeIndicator(pkg, module, conceptIndicator, c.id, why.reason)
		by := e.parentsOf(i)[0]
		targets := 1
		if why.association == possiblyEquivalentTo {
			targets = 2
		}
		for range targets {
			e.files[associationFile][pkg].member(&e.random, e.date(pkg), true, module, why.association, c.id).num(e.concepts[by].id).end()
			by = e.parentsOf(by)[0]
		}
		e.sample(&e.summary.Samples.Inactive, i)
	}
}

func (e *edition) writeSimple() {
	for _, set := range simpleSets {
		pkg := 0
		if set.module == norwayModule {
			pkg = 1
		}
		for _, k := range set.kinds {
			for i := e.ranges[k][0]; i < e.ranges[k][1]; i++ {
				if e.chance(set.share) && (pkg == 1 || e.concepts[i].flags&norwayOwn == 0) {
					e.files[simpleFile][pkg].member(&e.random, e.date(pkg), !e.chance(20), set.module, set.refset, e.concepts[i].id).end()
				}
			}
		}
	}
}

// writeSimpleMaps writes CTV3 codes of older concepts and ICD-O codes of morphologies.
func (e *edition) writeSimpleMaps() {
	const ctv3, icdO = 900000000000497000, 446608001
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	file := e.files[simpleMapFile][0]
	for _, i := range e.order {
		c := &e.concepts[i]
		if c.kind == knownKind || c.flags&norwayOwn != 0 {
			continue
		}
		if h := mix(c.id); h%100 < 48 {
			code := [5]byte{'X'}
			for d := 1; d < 5; d++ {
				h /= 101
				code[d] = digits[h%62]
			}
			file.member(&e.random, 20020131, true, coreModule, ctv3, c.id).bytesField(code[:]).end()
		}
		if h := mix(c.id); c.kind == morphKind && h%2 == 0 {
			code := [7]byte{'M', '8' + byte(h>>8%2), '0' + byte(h>>16%10), '0' + byte(h>>24%10), '0' + byte(h>>32%10), '/', "01369"[h>>40%5]}
			file.member(&e.random, e.date(0), true, coreModule, icdO, c.id).bytesField(code[:]).end()
		}
	}
}

// mapRow is the content of one row of an extended map.
type mapRow struct {
	group, priority uint64
	rule, target    string
	category        uint64
}

// Rules and categories of the ICD-10 map.
const (
	ruleFemale    = "IFA 248152002 | Female (finding) |"
	ruleNeonate   = "IFA 445518008 | Age at onset of clinical finding (observable entity) | < 28.0 days"
	ruleOtherwise = "OTHERWISE TRUE"

	classified       = 447637006
	unclassifiable   = 447638001
	contextDependent = 447639009
	noCorrelation    = 447561005

	icd10Refset = 447562003
	icpc2Refset = 68101000202102
)

// writeMaps writes the maps of findings: to ICD-10 from about three in four, with
// Norwegian rows in place of some international ones, and to ICPC-2 from half.
func (e *edition) writeMaps(icd10, icpc2 []string) {
	r := e.ranges[findingKind]
	mapped := sampler{int(r[1] - r[0]), e.o.scaled(mappedConcepts)}
	rows := make([]mapRow, 0, 8)
	for i := r[0]; i < r[1]; i++ {
		c := &e.concepts[i]
		if mapped.pick(&e.random) {
			rows = e.appendMap(rows[:0], c, icd10)
			if c.flags&norwayOwn == 0 {
				e.writeMap(extendedMapFile, 0, icd10Module, icd10Refset, c.id, rows)
			}
			if c.flags&norwayOwn != 0 || e.chance(80) {
				rows[0] = mapRow{1, 1, "TRUE", icd10[e.below(len(icd10))], classified}
				e.writeMap(extendedMapFile, 1, norwayModule, icd10Refset, c.id, rows[:1])
			}
			e.sample(&e.summary.Samples.Mapped, i)
		}
		if e.chance(500) {
			rows = append(rows[:0], mapRow{1, 1, "TRUE", near(icpc2, c, 1, 20), classified})
			e.writeMap(icpcMapFile, 1, norwayModule, icpc2Refset, c.id, rows)
		}
	}
}

const mappedConcepts = 93_000

// near returns a code of the run that findings of one head share, number salt of it.
func near(codes []string, c *concept, salt uint64, run int) string {
	at := mix(uint64(c.spec.axes[0])) % uint64(len(codes))
	return codes[(at+mix(c.id+salt)%uint64(run))%uint64(len(codes))]
}

// appendMap appends the map of one concept: mostly one target, sometimes one that
// depends on sex or age, or a second group, or none at all.
func (e *edition) appendMap(to []mapRow, c *concept, codes []string) []mapRow {
	code := func(salt uint64) string { return near(codes, c, salt, 200) }
	switch x := e.below(100); {
	case x < 4:
		return append(to, mapRow{1, 1, "TRUE", "", unclassifiable})
	case x < 9:
		return append(to, mapRow{1, 1, ruleFemale, code(1), contextDependent}, mapRow{1, 2, ruleOtherwise, code(2), classified})
	case x < 12:
		return append(to, mapRow{1, 1, ruleNeonate, code(1), contextDependent}, mapRow{1, 2, ruleFemale, code(2), contextDependent},
			mapRow{1, 3, ruleOtherwise, code(3), classified})
	case x < 24:
		return append(to, mapRow{1, 1, "TRUE", code(1), classified}, mapRow{2, 1, "TRUE", code(2), classified})
	}
	return append(to, mapRow{1, 1, "TRUE", code(1), classified})
}

func (e *edition) writeMap(kind fileKind, pkg int, module, refset, component uint64, rows []mapRow) {
	f := e.files[kind][pkg]
	active := !e.chance(50)
	for _, m := range rows {
		f.member(&e.random, e.date(pkg), active, module, refset, component).num(m.group).num(m.priority).text(m.rule)
		switch {
		case m.target == "":
			f.row = append(f.row, "CANNOT BE CLASSIFIED WITH AVAILABLE DATA"...)
		case m.rule == "TRUE" || m.rule == ruleOtherwise:
			f.row = append(append(f.row, "ALWAYS "...), m.target...)
		default:
			f.row = append(append(append(append(f.row, "IF "...), m.rule[len("IFA "):]...), " CHOOSE "...), m.target...)
		}
		f.row = append(f.row, '\t')
		f.text(m.target).num(noCorrelation).num(m.category).end()
	}
}

// writeDependencies says which version of which module each module builds on.
func (e *edition) writeDependencies() {
	for _, d := range [...]struct {
		pkg            int
		module, on     uint64
		source, target uint64
	}{
		{0, coreModule, modelModule, dateINT, dateINT},
		{0, icd10Module, coreModule, dateINT, dateINT},
		{0, icd10Module, modelModule, dateINT, dateINT},
		{1, norwayModule, coreModule, dateNO, dateINT},
		{1, norwayModule, modelModule, dateNO, dateINT},
		{1, norwayModule, icd10Module, dateNO, dateINT},
	} {
		e.files[moduleDependencyFile][d.pkg].member(&e.random, uint32(d.source), true, d.module, 900000000000534007, d.on).
			num(d.source).num(d.target).end()
	}
}
