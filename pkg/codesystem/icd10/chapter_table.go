package icd10

// chapters are the chapters of ICD-10 with short names of our own, for files that
// do not say the publisher's titles.
var chapters = []titled{
	{"I", "A00", "B99", "Infeksjoner og parasitter"},
	{"II", "C00", "D48", "Svulster"},
	{"III", "D50", "D89", "Blodet, de bloddannende organene og immunsystemet"},
	{"IV", "E00", "E90", "Hormoner, ernæring og stoffskifte"},
	{"V", "F00", "F99", "Psykiske lidelser og atferd"},
	{"VI", "G00", "G99", "Nervesystemet"},
	{"VII", "H00", "H59", "Øyet og omgivelsene"},
	{"VIII", "H60", "H95", "Øret"},
	{"IX", "I00", "I99", "Hjerte og kretsløp"},
	{"X", "J00", "J99", "Luftveier og lunger"},
	{"XI", "K00", "K93", "Fordøyelsen"},
	{"XII", "L00", "L99", "Huden"},
	{"XIII", "M00", "M99", "Muskler, skjelett og bindevev"},
	{"XIV", "N00", "N99", "Nyrer, urinveier og kjønnsorganer"},
	{"XV", "O00", "O99", "Svangerskap, fødsel og barseltid"},
	{"XVI", "P00", "P96", "Tiden rundt fødselen"},
	{"XVII", "Q00", "Q99", "Medfødte misdannelser og kromosomavvik"},
	{"XVIII", "R00", "R99", "Symptomer og funn som ikke hører hjemme andre steder"},
	{"XIX", "S00", "T98", "Skader og forgiftninger"},
	{"XX", "V0n", "Y98", "Ytre årsaker til skade og død"},
	{"XXI", "Z00", "Z99", "Forhold ved helsetilstanden og kontakt med helsetjenesten"},
	{"XXII", "U00", "U99", "Koder til særskilt bruk"},
}
