package norwegian

// shortest is how many letters must stay in front of an ending.
const shortest = 3

// ending removes or evens out one ending of w. Called until nothing changes, it
// brings the forms of a noun, an adjective or a verb to one form:
//
//	nouns       sykdom -men -mer -mene -mens, åreknute -n -r -ne, -ar -ane, -a, -et -ets
//	adjectives  akutt -e, malign -t -e, lukket lukkede lukka, -leg -lig, -sam -som
//	abstracts   -ning -ing -else are one (blødning, bløding; lidelse, liding)
//	-el, -er    muskel muskler, finger fingre
//
// The endings of Latin (-itis -osis -oma -us -um -ia) are not among them.
func (w *word) ending() {
	n := w.n
	switch w.buf[n-1] {
	case 's':
		w.endingS()
	case 'e':
		w.endingE()
	case 'n':
		if w.ends("en", shortest) && !w.endsAny(keepEN) {
			w.end(2, "")
		}
	case 't':
		w.endingT()
	case 'r':
		w.endingR()
	case 'a':
		if w.ends("a", shortest) && !w.endsAny(keepA) {
			w.end(1, "")
		}
	case 'g':
		switch {
		case w.ends("nning", 0):
		case w.ends("ning", shortest):
			w.end(4, "ing")
		case w.ends("leg", shortest):
			w.end(3, "lig")
		}
	case 'm':
		switch {
		case w.ends("mm", 2):
			w.end(1, "")
		case w.ends("sam", shortest):
			w.end(3, "som")
		}
	case 'l':
		w.endingL()
	case 'd':
		if w.ends("stad", shortest) {
			w.end(4, "sted")
		}
	}
}

// The Norwegian en is not an ending in antigen, the a not in trauma and tibia.
var (
	keepEN = []string{"ogen", "tigen", "lagen", "lergen", "bdomen", "umen", "hymen", "ramen"}
	keepA  = []string{"ia", "ma", "ea", "ua", "oa", "tra"}
	keepAR = []string{"ular", "olar", "elar", "ilar"} // ocular, molar, velar
	keepS  = []string{"iens", "mens", "vens", "nens", "tens", "dens", "cens", "asens", "bsens", "ssens", "isens", "quens", "pens", "rens"}
)

func (w *word) endsAny(tails []string) bool {
	for _, t := range tails {
		if w.ends(t, 0) {
			return true
		}
	}
	return false
}

// endingS is the genitive of definite forms, and what is left of -else.
func (w *word) endingS() {
	switch {
	case w.ends("enes", shortest), w.ends("anes", shortest):
		w.end(1, "")
	case w.ends("ntens", shortest), w.ends("mmens", shortest), w.ends("ens", shortest) && !w.endsAny(keepS):
		w.end(1, "")
	case w.ends("ets", shortest):
		w.end(1, "")
	case w.ends("sons", 1):
		w.end(1, "")
	case w.ends("els", shortest) && !w.ends("hels", 0) && !w.ends("dsels", 0):
		w.end(3, "ing")
	}
}

func (w *word) endingE() {
	switch {
	case w.ends("ande", 4):
		w.end(4, "ende")
	case w.ends("ene", shortest), w.ends("ane", shortest):
		w.end(3, "")
	case w.ends("ede", 4) && !w.ends("skjede", 0):
		w.end(3, "")
	case w.ends("ee", 0):
	case w.ends("e", shortest):
		w.end(1, "")
	}
}

func (w *word) endingT() {
	switch {
	case w.ends("het", shortest):
	case w.ends("et", shortest):
		w.end(2, "")
	case w.ends("ødt", 1), w.ends("edt", 1), w.ends("odt", 1), w.ends("ardt", 1), w.ends("ignt", 1), w.ends("ivt", 3), w.ends("ært", 3), w.ends("bart", 3), w.ends("somt", 2),
		w.ends("ielt", 2), w.ends("uelt", 2), w.ends("relt", 3), w.ends("alt", 4) && !w.ends("salt", 0):
		w.end(1, "")
	}
}

func (w *word) endingR() {
	switch {
	case w.ends("er", shortest):
		w.end(2, "")
	case w.ends("ar", shortest) && !w.endsAny(keepAR):
		w.end(2, "")
	case w.ends("r", 4) && isConsonant(w.buf[w.n-2]) && w.buf[w.n-2] != 'r':
		w.end(1, "")
	}
}

// endingL takes the e of -el, which falls in the plural, and with it one of two equal
// consonants: knokkel, knokler.
func (w *word) endingL() {
	switch {
	case w.ends("el", shortest) && isConsonant(w.buf[w.n-3]) && w.buf[w.n-3] != 'l':
		w.end(2, "l")
	case w.n > 4 && w.buf[w.n-2] == w.buf[w.n-3] && isConsonant(w.buf[w.n-2]) && w.buf[w.n-2] != 'l':
		w.end(2, "l")
	}
}

func isConsonant(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return false
	}
	return 'a' <= c && c <= 'z'
}
