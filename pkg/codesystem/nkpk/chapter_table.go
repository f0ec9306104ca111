package nkpk

import "strings"

// chapters are the chapters of NCSP (NOMESCO Classification of Surgical Procedures).
var chapters = map[string]string{
	"A": "Nervesystemet",
	"B": "Endokrine organer",
	"C": "Øye og øyeregion",
	"D": "Øre, nese og strupe",
	"E": "Tenner, kjever, munn og svelg",
	"F": "Hjerte og store kar i brysthulen",
	"G": "Brystvegg, lungesekk, mellomgulv, luftrør og lunger",
	"H": "Brystkjertel",
	"J": "Fordøyelsesorganer og milt",
	"K": "Urinveier, mannlige kjønnsorganer og retroperitoneum",
	"L": "Kvinnelige kjønnsorganer",
	"M": "Svangerskap og fødsel",
	"N": "Muskel- og skjelettsystemet",
	"P": "Perifere kar og lymfesystemet",
	"Q": "Hud",
	"T": "Mindre inngrep",
	"U": "Endoskopi gjennom naturlige åpninger",
	"X": "Undersøkelser ved kirurgiske inngrep",
	"Y": "Uttak av organer og vev",
	"Z": "Tilleggskoder",
}

// groupText returns the term of a group of a code system.
func groupText(k kind) func(code, first, last string) string {
	return func(code, first, last string) string {
		if text := chapters[code]; k == ncsp && text != "" {
			return text
		}
		return rangeText(first, last)
	}
}

// groupTextInAll returns the term of a group of NKPK.
func groupTextInAll(code, first, last string) string {
	name, letters, ok := strings.Cut(code, " ")
	if !ok {
		return titles[name]
	}
	if text := chapters[letters]; name == names[ncsp] && text != "" {
		return text
	}
	return rangeText(first, last)
}

func rangeText(first, last string) string {
	if first == last {
		return "Gruppen av " + first
	}
	return "Koder " + first + " til " + last
}

// titles are the groups of NKPK that are its code systems.
var titles = map[string]string{
	"NCSP": "Kirurgiske prosedyrer (NCSP)", "NCMP": "Medisinske prosedyrer (NCMP)", "NCRP": "Radiologiske prosedyrer (NCRP)", "SÆRKODE": "Nasjonale særkoder",
}
