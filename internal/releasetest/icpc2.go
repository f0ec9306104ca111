package releasetest

import "fmt"

// newICPC2 returns ICPC-2 with o.ICPC2Codes codes in 17 chapters, each of symptoms
// and diagnoses, and o.ICPC2BCodes extended codes below them, the first of each
// rubric (.0000) with its text.
func newICPC2(o Options) codes {
	const chapters = "ABDFHKLNPRSTUWXYZ"
	titles := [...]string{"Symptomer og plager", "Diagnoser/sykdommer"}
	lists := parseWords()
	var all codes
	perChapter := min(58, (o.ICPC2Codes+len(chapters)-1)/len(chapters))
	left, extended := o.ICPC2Codes, o.ICPC2BCodes
	for i, letter := range chapters {
		chapter := string(letter)
		all = append(all, code{code: chapter, text: "Kapittel " + chapter, system: "ICPC-2"})
		for half, first := range [...]int{1, 70} {
			component := fmt.Sprintf("%s.%d", chapter, first/10+1-half)
			count := min(left, (perChapter+1-half)/2)
			if count == 0 {
				continue
			}
			all = append(all, code{code: component, text: fmt.Sprintf("(%s%02d-%s%02d) %s", chapter, first, chapter, first+28, titles[half]),
				parent: chapter, system: "ICPC-2"})
			for n := range count {
				c := fmt.Sprintf("%s%02d", chapter, first+n)
				h := mix(o.Seed ^ uint64(i*1000+first+n))
				all = append(all, code{code: c, text: phrase(lists, h, 0), parent: component, system: "ICPC-2", leaf: true})
				below := extended / left
				for j := range below {
					all = append(all, code{code: fmt.Sprintf("%s.%04d", c, j), text: phrase(lists, h, uint64(j)), parent: c, system: "ICPC-2B"})
				}
				extended -= below
				left--
			}
		}
	}
	return all
}

// WriteICPC2 writes ICPC-2 with ICPC-2B as the Directorate's download has them.
func WriteICPC2(path string, o Options) error {
	all := newICPC2(o.defaults())
	texts := all.textOf()
	return all.writeJSON(path, func(b []byte, at int) []byte {
		c := &all[at]
		b = appendField(b, "Kode", c.code)
		b = appendField(b, "Tekst_uten_lengdebegrensning", c.text)
		b = appendField(b, "Tekst_med_maksimalt_60_tegn", short(c.text))
		b = appendField(b, "Gyldig_fra", "2004-01-01T00:00:00")
		b = appendField(b, "Gyldig_til", until(c.system == "ICPC-2B" && mix(uint64(at))%60 == 0))
		b = appendField(b, "Kodeverk", c.system)
		within := ""
		if c.leaf || c.system == "ICPC-2B" {
			within = "Ja"
		}
		b = appendField(b, "Tilhørighet_i_ICPC_2B", within)
		b = appendField(b, "Foreldrekode", c.parent)
		return append(appendField(b, "Foreldrekodetekst", texts[c.parent]), '}')
	})
}
