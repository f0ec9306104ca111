package releasetest

// kind is one of the hierarchies that grow.
type kind struct {
	top   uint64 // the known concept that it grows under
	tag   string // semantic tag
	share int    // of the active concepts, in thousandths
	form  form   // how its terms are worded
	names []string
	axes  [3]axis   // what its concepts are combined from; the first is never empty
	mods  [4]string // word lists, each giving at most one word
}

// axis is a coordinate of a kind: words of a list, or concepts of earlier kinds.
type axis struct {
	list  string
	kinds []int
}

// form is a pattern of terms.
type form uint8

const (
	namedForm     form = iota // a made-up name
	bodyForm                  // left upper wall of heart
	thingForm                 // portable blood pump
	findingForm               // acute infarction of heart caused by X
	procedureForm             // open biopsy of heart using X
	productForm               // X 10 milligram oral tablet
	situationForm             // family history of X
)

// The kinds that others refer to, by their place in kindTable.
const (
	substanceKind = iota
	organismKind
	bodyKind
	morphKind
	objectKind
	findingKind
	procedureKind
	productKind
	knownKind = 255
)

// disorderTop is where findings with an abnormal morphology stand; the words of
// the morph list from painWord on are findings only.
const (
	disorderTop = 64572001
	painWord    = "pain"
)

// kindTable has the kinds in the order in which they grow: what is referred to
// comes first. The shares are those of the International edition, roughly.
var kindTable = []kind{
	{top: 105590001, tag: "substance", share: 76, form: namedForm, names: drugEndings[:]},
	{top: 410607006, tag: "organism", share: 92, form: namedForm, names: genusEndings[:]},
	{top: 123037004, tag: "body structure", share: 98, form: bodyForm,
		axes: [3]axis{{list: "organ"}, {list: "part"}}, mods: [4]string{"position", "side", "segment"}},
	{top: 49755003, tag: "morphologic abnormality", share: 12, form: thingForm,
		axes: [3]axis{{list: "morph"}}, mods: [4]string{"severity", "course", "position", "suffix"}},
	{top: 260787004, tag: "physical object", share: 40, form: thingForm, axes: things, mods: qualities},
	{top: 404684003, tag: "finding", share: 335, form: findingForm,
		axes: [3]axis{{list: "morph"}, {kinds: []int{bodyKind}}, {kinds: []int{organismKind, substanceKind}}},
		mods: [4]string{"course", "severity", "stage"}},
	{top: 71388002, tag: "procedure", share: 165, form: procedureForm,
		axes: [3]axis{{list: "method"}, {kinds: []int{bodyKind}}, {kinds: []int{objectKind, substanceKind}}},
		mods: [4]string{"approach", "intent"}},
	{top: 373873005, tag: "product", share: 68, form: productForm,
		axes: [3]axis{{kinds: []int{substanceKind}}, {list: "form"}}, mods: [4]string{"strength"}},
	{top: 363787002, tag: "observable entity", share: 30, form: findingForm,
		axes: [3]axis{{list: "property"}, {kinds: []int{bodyKind}}, {kinds: []int{substanceKind}}},
		mods: [4]string{"quality", "", "suffix"}},
	{top: 243796009, tag: "situation", share: 15, form: situationForm,
		axes: [3]axis{{list: "context"}, {kinds: []int{findingKind, procedureKind}}}, mods: [4]string{"when"}},
	{top: 123038009, tag: "specimen", share: 6, form: procedureForm,
		axes: [3]axis{{list: "sample"}, {kinds: []int{bodyKind}}}, mods: [4]string{"approach"}},
	{top: 362981000, tag: "qualifier value", share: 29, form: thingForm, axes: things, mods: qualities},
	{top: 272379006, tag: "event", share: 10, form: thingForm, axes: things, mods: qualities},
	{top: 48176007, tag: "social concept", share: 13, form: thingForm, axes: things, mods: qualities},
	{top: 308916002, tag: "environment", share: 5, form: thingForm, axes: things, mods: qualities},
	{top: 254291000, tag: "staging scale", share: 4, form: thingForm, axes: things, mods: qualities},
	{top: 419891008, tag: "record artifact", share: 2, form: thingForm, axes: things, mods: qualities},
}

var (
	things    = [3]axis{{list: "thing"}, {list: "field"}}
	qualities = [4]string{"quality", "suffix", "position", "variant"}
)
