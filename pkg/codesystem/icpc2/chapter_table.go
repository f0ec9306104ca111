package icpc2

// processChapter holds the process codes of files that write them without a
// chapter (30 to 69).
const processChapter = "-"

// chapters are the chapters of ICPC-2 with their titles in Norwegian and English.
var chapters = []struct{ code, title, english string }{
	{processChapter, "Prosesskoder", "Process codes"},
	{"A", "Allment og uspesifisert", "General and unspecified"},
	{"B", "Blod, bloddannende organer og immunsystemet", "Blood, blood forming organs, lymphatics, spleen"},
	{"D", "Fordøyelsessystemet", "Digestive"},
	{"F", "Øye", "Eye"},
	{"H", "Øre", "Ear"},
	{"K", "Hjerte-karsystemet", "Circulatory"},
	{"L", "Muskel- og skjelettsystemet", "Musculoskeletal"},
	{"N", "Nervesystemet", "Neurological"},
	{"P", "Psykisk", "Psychological"},
	{"R", "Luftveier", "Respiratory"},
	{"S", "Hud", "Skin"},
	{"T", "Endokrine, metabolske og ernæringsmessige problemer", "Endocrine, metabolic and nutritional"},
	{"U", "Urinveier", "Urology"},
	{"W", "Svangerskap, fødsel og familieplanlegging", "Pregnancy, childbirth, family planning"},
	{"X", "Kvinnelige kjønnsorganer", "Female genital system and breast"},
	{"Y", "Mannlige kjønnsorganer", "Male genital system"},
	{"Z", "Sosiale problemer", "Social problems"},
}

func chapterTitle(code string) (string, bool) {
	for _, c := range chapters {
		if c.code == code {
			return c.title, true
		}
	}
	return "", false
}

func englishTitle(code string) string {
	for _, c := range chapters {
		if c.code == code {
			return c.english
		}
	}
	return ""
}
