package icpc2

// processChapter holds the process codes of files that write them without a
// chapter (30 to 69).
const processChapter = "-"

// chapters are the chapters of ICPC-2 with their Norwegian titles.
var chapters = []struct{ code, title string }{
	{processChapter, "Prosesskoder"},
	{"A", "Allment og uspesifisert"},
	{"B", "Blod, bloddannende organer og immunsystemet"},
	{"D", "Fordøyelsessystemet"},
	{"F", "Øye"},
	{"H", "Øre"},
	{"K", "Hjerte-karsystemet"},
	{"L", "Muskel- og skjelettsystemet"},
	{"N", "Nervesystemet"},
	{"P", "Psykisk"},
	{"R", "Luftveier"},
	{"S", "Hud"},
	{"T", "Endokrine, metabolske og ernæringsmessige problemer"},
	{"U", "Urinveier"},
	{"W", "Svangerskap, fødsel og familieplanlegging"},
	{"X", "Kvinnelige kjønnsorganer"},
	{"Y", "Mannlige kjønnsorganer"},
	{"Z", "Sosiale problemer"},
}

func chapterTitle(code string) (string, bool) {
	for _, c := range chapters {
		if c.code == code {
			return c.title, true
		}
	}
	return "", false
}
