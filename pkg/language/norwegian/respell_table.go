package norwegian

// place is where in a word a respelling applies.
type place uint8

const (
	anywhere place = iota
	atStart        // the word begins with it
	inside         // at least three letters come before
	atEnd          // at least three letters come before and none after
)

// respelling is one difference between the spellings of bokmål and nynorsk, or
// between two spellings of one of them. to is never respelled again.
type respelling struct {
	from, to  string
	where     place
	unless    [][]byte // what may not come after
	fromBytes []byte
}

// respellings are the differences, ours from the grammar of the two forms. The
// first that fits is applied, so that longer ones stand first.
var respellings = makeRespellings([]respelling{
	// -heit, -het
	{from: "legheit", to: "lighet", where: inside}, {from: "heit", to: "het", where: inside}, {from: "leghet", to: "lighet", where: inside},
	{from: "sjukeheim", to: "sykehjem"}, {from: "augehol", to: "øyehul"},
	// hjart-, sjuk-, djup-, ...
	{from: "hjart", to: "hjert"}, {from: "hjarne", to: "hjerne"},
	{from: "sjuk", to: "syk"}, {from: "mjuk", to: "myk"}, {from: "tjukk", to: "tykk"}, {from: "djup", to: "dyp"}, {from: "ljos", to: "lys"},
	{from: "mjølk", to: "melk"},
	// au, øy and ø
	{from: "auge", to: "øye"}, {from: "blaut", to: "bløt"}, {from: "raud", to: "rød", where: atStart}, {from: "daud", to: "død"},
	{from: "åndenaud", to: "åndenød"}, {from: "naud", to: "nød", where: atStart}, {from: "straum", to: "strøm", where: atStart}, {from: "draum", to: "drøm"},
	{from: "forlaup", to: "forløp"}, {from: "haust", to: "høst", where: atStart}, {from: "lause", to: "løse", where: inside},
	{from: "laus", to: "løs", where: atEnd}, {from: "laust", to: "løst", where: atEnd}, {from: "forløys", to: "forløs"}, {from: "personlegdom", to: "personlighet"}, {from: "tilpassing", to: "tilpasning"}, {from: "reumat", to: "revmat"},
	{from: "rheumat", to: "revmat"},
	{from: "løyse", to: "løshet", where: atEnd}, {from: "løysa", to: "løshet", where: atEnd}, {from: "løyse", to: "løse", where: inside},
	{from: "løys", to: "løs", where: atStart}, {from: "utløys", to: "utløs"},
	{from: "høyrsel", to: "hørsel"}, {from: "røyr", to: "rør"}, {from: "møyre", to: "møre"}, {from: "eøyre", to: "eøre"}, {from: "ytterøyre", to: "ytterøre"},
	{from: "øyre", to: "øre", where: atStart}, {from: "oppstøyt", to: "oppstøt"},
	// ei and e, ei and ø
	{from: "gallesten", to: "gallestein"}, {from: "nyresten", to: "nyrestein"}, {from: "blæresten", to: "blærestein"},
	{from: "urinsten", to: "urinstein"}, {from: "tannsten", to: "tannstein"},
	{from: "aldersheim", to: "aldershjem"}, {from: "pleieheim", to: "pleiehjem"}, {from: "seinfølgj", to: "senfølg"},
	{from: "seinskade", to: "senskade"}, {from: "fleire", to: "flere", where: atStart},
	// bein and ben
	{from: "benskjør", to: "beinskjør"}, {from: "benmarg", to: "beinmarg"}, {from: "beinmerg", to: "beinmarg"}, {from: "benvev", to: "beinvev"},
	{from: "bentap", to: "beintap"}, {from: "benbrudd", to: "beinbrudd"}, {from: "bentett", to: "beintett"}, {from: "benhinne", to: "beinhinne"},
	{from: "benkreft", to: "beinkreft"}, {from: "bensår", to: "beinsår"}, {from: "benaffek", to: "beinaffek"}, {from: "bentransplant", to: "beintransplant"},
	{from: "benmetastas", to: "beinmetastas"}, {from: "bensvulst", to: "beinsvulst"}, {from: "bensykdom", to: "beinsykdom"}, {from: "benprotese", to: "beinprotese"},
	{from: "benamput", to: "beinamput"}, {from: "benlidelse", to: "beinlidelse"},
	{from: "lårben", to: "lårbein"}, {from: "ribben", to: "ribbein"}, {from: "skinneben", to: "skinnebein"},
	{from: "leggben", to: "leggbein"}, {from: "krageben", to: "kragebein"}, {from: "kinnben", to: "kinnbein"}, {from: "båtben", to: "båtbein"},
	{from: "kileben", to: "kilebein"}, {from: "brystben", to: "brystbein"}, {from: "haleben", to: "halebein"}, {from: "hofteben", to: "hoftebein"},
	{from: "håndsben", to: "håndsbein"}, {from: "fotsben", to: "fotsbein"}, {from: "handsbein", to: "håndsbein"}, {from: "hælben", to: "hælbein"},
	{from: "ankelben", to: "ankelbein"}, {from: "håndrotsben", to: "håndrotsbein"}, {from: "rotsben", to: "rotsbein"}, {from: "tåben", to: "tåbein"},
	{from: "neseben", to: "nesebein"}, {from: "kjeveben", to: "kjevebein"}, {from: "tinningben", to: "tinningbein"}, {from: "pannben", to: "pannebein"},
	{from: "panneben", to: "pannebein"}, {from: "issben", to: "isseben"}, {from: "bekkenben", to: "bekkenbein"}, {from: "sitteben", to: "sittebein"},
	{from: "underben", to: "underbein"}, {from: "kneben", to: "knebein"}, {from: "kindben", to: "kinnbein"}, {from: "fingerben", to: "fingerbein"},
	{from: "albueben", to: "albuebein"}, {from: "spoleben", to: "spolebein"}, {from: "skulderben", to: "skulderbein"}, {from: "tungeben", to: "tungebein"},
	{from: "nøkkelben", to: "nøkkelbein"},
	// hovud, hand, nase, holrom
	{from: "hovudsak", to: "hovedsak"}, {from: "hovudverk", to: "hodeverk"}, {from: "hovudet", to: "hodet"}, {from: "hovud", to: "hode"},
	{from: "handledd", to: "håndledd"}, {from: "handflat", to: "håndflat"}, {from: "handrygg", to: "håndrygg"}, {from: "handskad", to: "håndskad"},
	{from: "handrot", to: "håndrot"}, {from: "handbein", to: "håndbein"}, {from: "handeksem", to: "håndeksem"}, {from: "handamput", to: "håndamput"},
	{from: "handbrudd", to: "håndbrudd"}, {from: "handbrot", to: "håndbrudd"}, {from: "mellomhand", to: "mellomhånd"},
	{from: "nase", to: "nese", where: atStart}, {from: "bihole", to: "bihule"}, {from: "holrom", to: "hulrom"}, {from: "hole", to: "hule", where: atEnd},
	{from: "hola", to: "hula", where: atEnd},
	// g, gj and j; v and g
	{from: "følgj", to: "følg"}, {from: "fylgj", to: "følg"}, {from: "bølgj", to: "bølg"}, {from: "ikkje", to: "ikke"}, {from: "leggje", to: "legge"}, {from: "liggje", to: "ligge"}, {from: "tryggje", to: "trygge"},
	{from: "skilje", to: "skille"}, {from: "svelgj", to: "svelg"}, {from: "høgr", to: "høyr"}, {from: "høg", to: "høy", where: atStart, unless: after("g")},
	{from: "forhøg", to: "forhøy"}, {from: "lågt", to: "lavt", where: atStart},
	{from: "låg", to: "lav", where: atStart},
	{from: "luftveg", to: "luftvei"}, {from: "urinveg", to: "urinvei"}, {from: "galleveg", to: "gallevei"}, {from: "fødselsveg", to: "fødselsvei"},
	{from: "tåreveg", to: "tårevei"}, {from: "sædveg", to: "sædvei"}, {from: "vegtrafikk", to: "veitrafikk"}, {from: "vegulykke", to: "veiulykke"},
	// open, opning
	{from: "opning", to: "åpning", where: atStart}, {from: "sopning", to: "såpning"}, {from: "opningar", to: "åpningar"}, {from: "opne", to: "åpne", where: atStart},
	// hv and kv
	{from: "hvit", to: "kvit"}, {from: "hvil", to: "kvil", where: atStart}, {from: "hveps", to: "kveps"}, {from: "veps", to: "kveps", where: atStart},
	{from: "hvese", to: "kvese"}, {from: "hval", to: "kval", where: atStart},
	// single words that are parts of many
	{from: "ryggmerg", to: "ryggmarg"}, {from: "vasskopp", to: "vannkopp"}, {from: "vasshode", to: "vannhode"}, {from: "vatn", to: "vann"},
	{from: "vass", to: "vann", where: atStart}, {from: "olboge", to: "albue"}, {from: "bekkenbotn", to: "bekkenbunn"}, {from: "golv", to: "gulv"},
	{from: "klåe", to: "kløe"}, {from: "vondart", to: "ondart"}, {from: "spreiing", to: "spredning"}, {from: "brotskade", to: "bruddskade"},
	{from: "brotsskade", to: "bruddsskade"}, {from: "samanvak", to: "sammenvok"}, {from: "saman", to: "sammen", where: atStart},
	{from: "verkestoff", to: "virkestoff"}, {from: "verknad", to: "virkning"}, {from: "omgrep", to: "begrep"},
	{from: "førekomst", to: "forekomst"}, {from: "føretrekt", to: "foretrukket"}, {from: "førebygg", to: "forebygg"}, {from: "fordøying", to: "fordøyelse"},
	{from: "kinnboge", to: "kinnbue"}, {from: "meslingar", to: "meslinger"}, {from: "skilnad", to: "forskjell"}, {from: "framande", to: "fremmede"},
	{from: "framand", to: "fremmed"}, {from: "åtferd", to: "atferd", where: atStart}, {from: "skule", to: "skole", where: atStart}, {from: "kjensle", to: "følelse", where: inside}, {from: "botn", to: "bunn", where: atEnd}, {from: "mislukk", to: "mislykk", where: atStart},
	{from: "skjenebein", to: "skinnebein"}, {from: "jamn", to: "jevn"}, {from: "eigen", to: "egen", where: atStart}, {from: "ugras", to: "ugress"},
	{from: "ueinig", to: "uenig"}, {from: "naudsyn", to: "nødvend"},
})

func after(tails ...string) [][]byte {
	out := make([][]byte, len(tails))
	for i, t := range tails {
		out[i] = []byte(t)
	}
	return out
}

func makeRespellings(rules []respelling) []respelling {
	for i := range rules {
		rules[i].fromBytes = []byte(rules[i].from)
	}
	return rules
}

// respellingsBy lists the respellings by the first byte of what they replace.
var respellingsBy = func() (by [256][]uint16) {
	for i, r := range respellings {
		by[r.from[0]] = append(by[r.from[0]], uint16(i))
	}
	return by
}()
