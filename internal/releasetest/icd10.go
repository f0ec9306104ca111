package releasetest

import (
	"fmt"
	"strconv"
)

// icd10Chapters are the chapters: numeral, first and last letter of their three-
// character codes with two digits, and a title of our own.
var icd10Chapters = []struct{ numeral, from, to, title string }{
	{"I", "A00", "B99", "Infeksjoner"}, {"II", "C00", "D48", "Svulster"},
	{"III", "D50", "D89", "Blod og immunforsvar"}, {"IV", "E00", "E90", "Hormoner og stoffskifte"},
	{"V", "F00", "F99", "Psykiske lidelser"}, {"VI", "G00", "G99", "Nervesystemet"},
	{"VII", "H00", "H59", "Øyet"}, {"VIII", "H60", "H95", "Øret"},
	{"IX", "I00", "I99", "Hjerte og kar"}, {"X", "J00", "J99", "Luftveier"},
	{"XI", "K00", "K93", "Fordøyelse"}, {"XII", "L00", "L99", "Hud"},
	{"XIII", "M00", "M99", "Muskler og skjelett"}, {"XIV", "N00", "N99", "Nyrer og kjønnsorganer"},
	{"XV", "O00", "O99", "Svangerskap og fødsel"}, {"XVI", "P00", "P96", "Nyfødte"},
	{"XVII", "Q00", "Q99", "Misdannelser"}, {"XVIII", "R00", "R99", "Symptomer og funn"},
	{"XIX", "S00", "T98", "Skader"}, {"XX", "V00", "Y98", "Ytre årsaker"},
	{"XXI", "Z00", "Z99", "Kontakt med helsetjenesten"}, {"XXII", "U00", "U99", "Særlige formål"},
}

// newICD10 returns about o.ICD10Codes codes: chapters, blocks of ten categories,
// categories, and below them codes with one digit, two, or a digit and a letter. In
// chapter XX categories end with a letter (V0n), as some of the Norwegian ones do.
func newICD10(o Options) codes {
	all := make(codes, 0, o.ICD10Codes)
	lists := parseWords()
	categories := o.ICD10Codes / 9
	step := max(1, 2200/max(categories, 22))
	type category struct{ code, block string }
	var cats []category
	for _, ch := range icd10Chapters {
		all = append(all, code{code: ch.numeral, text: "(" + ch.from + "-" + ch.to + ") " + ch.title})
		block := ""
		for n := ordinalICD10(ch.from); n <= ordinalICD10(ch.to); n += step {
			if b := categoryICD10(n/10*10) + "-" + categoryICD10(n/10*10+9); b != block {
				block = b
				all = append(all, code{code: block, text: phrase(lists, uint64(n/10), 0), parent: ch.numeral})
			}
			name := categoryICD10(n)
			if ch.numeral == "XX" {
				name = name[:2] + string(rune('a'+n%10))
			}
			cats = append(cats, category{name, block})
		}
	}
	each := max(1, (o.ICD10Codes-len(all)-len(cats))/len(cats))
	extra := (o.ICD10Codes - len(all) - len(cats)) - each*len(cats)
	for i, c := range cats {
		h := mix(o.Seed ^ uint64(i)<<20)
		all = append(all, code{code: c.code, text: phrase(lists, h, 0), parent: c.block})
		n := each
		if i < extra {
			n++
		}
		for j := range n {
			all = append(all, code{code: c.code + suffixICD10(j), text: phrase(lists, h, uint64(i*100+j+1)), parent: c.code, leaf: true})
		}
	}
	return all
}

// suffixICD10 returns the part after the category of its j-th code: .0, .1a, .11.
func suffixICD10(j int) string {
	switch {
	case j < 5:
		return "." + strconv.Itoa(j)
	case j%2 == 0:
		return "." + strconv.Itoa(j%5) + string(rune('a'+j/5%26))
	}
	return "." + strconv.Itoa(j%5) + strconv.Itoa(j/5%10)
}

func ordinalICD10(code string) int {
	return int(code[0]-'A')*100 + int(code[1]-'0')*10 + int(code[2]-'0')
}

func categoryICD10(n int) string { return fmt.Sprintf("%c%02d", 'A'+n/100, n%100) }

// WriteICD10 writes ICD-10 as the Directorate's download has it: a JSON array of
// flat objects.
func WriteICD10(path string, o Options) error {
	all := newICD10(o.defaults())
	texts := all.textOf()
	return all.writeJSON(path, func(b []byte, at int) []byte {
		c, h := &all[at], mix(uint64(at))
		yes := func(when bool) string {
			if when {
				return "Ja"
			}
			return ""
		}
		b = appendField(b, "Kode", c.code)
		b = appendField(b, "Tekst_uten_lengdebegrensning", c.text)
		if c.leaf {
			b = appendField(b, "Tekst_med_maksimalt_60_tegn", short(c.text))
		} else {
			b = appendField(b, "Tekst_med_maksimalt_60_tegn", "")
		}
		b = appendField(b, "Gyldig_fra", "1999-01-01T00:00:00")
		b = appendField(b, "Gyldig_til", until(c.leaf && h%50 == 0))
		b = appendField(b, "Rapporteres_til_NPR", yes(c.leaf))
		from, to := "", ""
		if c.leaf || len(c.code) == 3 {
			from = "1999-01-01T00:00:00"
		}
		if len(c.code) == 3 {
			to = "2004-12-31T23:59:00"
		}
		b = appendField(b, "NPR_Gyldig_fra", from)
		b = appendField(b, "NPR_Gyldig_til", to)
		b = appendField(b, "Stjernekode", yes(c.leaf && h>>8%80 == 0))
		b = appendField(b, "Tilleggskode", yes(c.leaf && h>>16%40 == 0))
		sex := ""
		if c.leaf && h>>24%30 == 0 {
			sex = [...]string{"K", "M"}[h>>32%2]
		}
		b = appendField(b, "Kjønn", sex)
		b = appendField(b, "Uspesifikk_kode", yes(c.leaf && h>>40%12 == 0))
		b = appendField(b, "Foreldrekode", c.parent)
		return append(appendField(b, "Foreldrekodetekst", texts[c.parent]), '}')
	})
}

// until returns the end of validity of a code that has expired, else nothing.
func until(expired bool) string {
	if expired {
		return "2022-12-31T23:59:00"
	}
	return ""
}
