package main

import (
	"fmt"
	"strings"
)

// icpc2Code is one row of the ICPC-2 table; terms are those of ICPC-2B.
type icpc2Code struct {
	code, text string
	terms      []icpc2Term
}

// icpc2Term is a term of ICPC-2B with its code in ICD-10, which may be empty.
type icpc2Term struct{ text, icd10 string }

func readICPC2(name string) ([]icpc2Code, error) {
	rows, err := tsv(name, 4)
	if err != nil {
		return nil, err
	}
	var codes []icpc2Code
	for _, row := range rows {
		c := icpc2Code{code: row[0], text: row[1], terms: []icpc2Term{{row[1], row[2]}}}
		for more := range strings.SplitSeq(row[3], ";") {
			if more = strings.TrimSpace(more); more == "" {
				continue
			}
			text, icd, ok := strings.Cut(more, "=")
			if !ok {
				return nil, fmt.Errorf("%s: %s: want term=code, found %q", name, c.code, more)
			}
			c.terms = append(c.terms, icpc2Term{text, icd})
		}
		codes = append(codes, c)
	}
	return codes, nil
}

// chapterNames are the chapters in our words.
var chapterNames = map[byte]string{
	'A': "Allment og uspesifisert", 'B': "Blod og immunsystem", 'D': "Fordøyelse", 'F': "Øye", 'H': "Øre",
	'K': "Hjerte og kar", 'L': "Muskel og skjelett", 'N': "Nervesystem", 'P': "Psykisk helse", 'R': "Luftveier",
	'S': "Hud", 'T': "Hormoner, stoffskifte og ernæring", 'U': "Urinveier", 'W': "Svangerskap, fødsel og familieplanlegging",
	'X': "Kvinnelige kjønnsorganer", 'Y': "Mannlige kjønnsorganer", 'Z': "Sosiale problemer",
}

// processCodes are those that every chapter shares, in our words.
var processCodes = [][2]string{
	{"30", "Full klinisk undersøkelse"}, {"31", "Målrettet klinisk undersøkelse"}, {"32", "Prøve for overfølsomhet"},
	{"33", "Mikrobiologisk prøve"}, {"34", "Blodprøve"}, {"35", "Urinprøve"}, {"36", "Avføringsprøve"},
	{"42", "Elektrisk registrering, for eksempel EKG"}, {"44", "Vaksine og annen forebygging"},
	{"45", "Råd og veiledning"}, {"50", "Legemidler: resept og fornyelse"}, {"67", "Henvisning til lege"},
}

// kind returns 1 for a symptom and 2 for a diagnosis.
func (c icpc2Code) kind() string {
	if c.code[1] < '3' {
		return "1"
	}
	return "2"
}

// component returns the code of the component, such as K.7.
func (c icpc2Code) component() string {
	if c.kind() == "1" {
		return c.code[:1] + ".1"
	}
	return c.code[:1] + ".7"
}

// icpc2Files returns the FAT download in both spellings of its key, the lists,
// and the map from ICPC-2B to ICD-10.
func icpc2Files(codes []icpc2Code) []File {
	list := []string{"system#code#text"}
	enriched := []string{"system#code#text#parent_code#parent_text"}
	process := []string{byteOrderMark + "icpc2_kode;icpc2_tekst;icpc2_Kap;icpc2_type"}
	toICD10 := []string{byteOrderMark + "ICPC2B_ICD10_Kode;ICPC2_Kode;ICPC2B_tekst;icpc2_Kap;icpc2_type;ICPC2B_kode"}
	for _, p := range processCodes {
		process = append(process, p[0]+";"+p[1]+";;3")
	}
	for _, c := range codes {
		list = append(list, "ICPC2#"+c.code+"#"+c.text)
		process = append(process, strings.Join([]string{c.code, c.text, c.code[:1], c.kind()}, ";"))
		for n, t := range c.terms {
			number := fmt.Sprintf("%04d", n)
			enriched = append(enriched, strings.Join([]string{"ICPC2B", c.code + "." + number, t.text, c.code, c.text}, "#"))
			if t.icd10 != "" {
				toICD10 = append(toICD10, strings.Join([]string{strings.ReplaceAll(t.icd10, ".", ""), c.code, t.text,
					c.code[:1], c.kind(), c.code + number}, ";"))
			}
		}
	}
	return []File{
		{"icpc2/icpc2-fat.json", array(icpc2FAT(codes, "Tilhørighet_i_ICPC-2B"))},
		{"icpc2/icpc2-fat-underscore.json", array(icpc2FAT(codes, "Tilhørighet_i_ICPC_2B"))},
		{"icpc2/icpc2.csv", lines(true, list)},
		{"icpc2/icpc2b.csv", lines(true, enriched)},
		{"icpc2/icpc2-with-process-codes.csv", lines(true, process)},
		{"icpc2/icpc2b-to-icd10.csv", lines(true, toICD10)},
	}
}

// icpc2FAT returns chapters, components, codes and terms; belongs is the key
// that publishers spell in two ways.
func icpc2FAT(codes []icpc2Code, belongs string) []object {
	var out []object
	add := func(code, text, short, system, parent, parentText string) {
		var o object
		o.add("Kode", code)
		o.add("Tekst_uten_lengdebegrensning", text)
		o.add("Tekst_med_maksimalt_60_tegn", orNull(short))
		o.add("Gyldig_fra", beginning)
		o.add("Gyldig_til", nil)
		o.add("Kodeverk", system)
		o.add(belongs, yes(system == "ICPC-2B"))
		o.add("Foreldrekode", orNull(parent))
		o.add("Foreldrekodetekst", orNull(parentText))
		out = append(out, o)
	}
	seen := map[string]bool{}
	for _, c := range codes {
		chapter, component := c.code[:1], c.component()
		name := chapterNames[chapter[0]]
		if !seen[chapter] {
			seen[chapter] = true
			add(chapter, name, "", "ICPC-2", "", "")
		}
		text := fmt.Sprintf("(%s01-%s29) Symptomer og plager", chapter, chapter)
		if c.kind() == "2" {
			text = fmt.Sprintf("(%s70-%s99) Diagnoser og sykdommer", chapter, chapter)
		}
		if !seen[component] {
			seen[component] = true
			add(component, text, "", "ICPC-2", chapter, name)
		}
		add(c.code, c.text, c.text, "ICPC-2", component, text)
		for n, t := range c.terms {
			add(fmt.Sprintf("%s.%04d", c.code, n), t.text, t.text, "ICPC-2B", c.code, c.text)
		}
	}
	return out
}
