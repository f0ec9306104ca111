package main

// conceptModelTable is the concept model of the sample: which attribute a domain
// allows, and its values. Where the value hierarchy of the International edition
// is not in the sample, the range is all qualifier values.
var conceptModelTable = []struct {
	attribute, domain string
	ungrouped         bool
	values            string
}{
	{"363698007", "404684003", false, "<< 442083009 |Anatomical or acquired body structure (body structure)|"},
	{"116676008", "404684003", false, "<< 49755003 |Morphologically abnormal structure (morphologic abnormality)|"},
	{"246075003", "404684003", false, "<< 105590001 |Substance (substance)| OR << 260787004 |Physical object (physical object)| OR << 373873005 |Pharmaceutical / biologic product (product)| OR << 410607006 |Organism (organism)| OR << 78621006 |Physical force (physical force)|"},
	{"363714003", "404684003", false, "<< 363787002 |Observable entity (observable entity)| OR << 386053000 |Evaluation procedure (procedure)|"},
	{"363713009", "404684003", false, "<< 362981000 |Qualifier value (qualifier value)|"},
	{"370135005", "404684003", false, "<< 362981000 |Qualifier value (qualifier value)|"},
	{"263502005", "404684003", false, "<< 362981000 |Qualifier value (qualifier value)|"},
	{"42752001", "404684003", false, "<< 404684003 |Clinical finding (finding)| OR << 272379006 |Event (event)|"},
	{"260686004", "71388002", false, "<< 129264002 |Action (qualifier value)|"},
	{"405813007", "71388002", false, "<< 442083009 |Anatomical or acquired body structure (body structure)|"},
	{"272741003", "91723000", true, "<< 182353008 |Side (qualifier value)|"},
	{"127489000", "373873005", false, "<< 105590001 |Substance (substance)|"},
	{"762949000", "373873005", false, "<< 105590001 |Substance (substance)|"},
	{"732943007", "373873005", false, "<< 105590001 |Substance (substance)|"},
	{"732945000", "373873005", false, "<< 362981000 |Qualifier value (qualifier value)|"},
	{"732947008", "373873005", false, "<< 362981000 |Qualifier value (qualifier value)|"},
	{"1142135004", "373873005", false, "dec(>#0..)"},
	{"1142136003", "373873005", false, "dec(>#0..)"},
	{"1142139005", "373873005", true, "int(>#0..)"},
	{"411116001", "373873005", true, "<< 362981000 |Qualifier value (qualifier value)|"},
	{"763032000", "373873005", true, "<< 362981000 |Qualifier value (qualifier value)|"},
	{"246090004", "243796009", false, "<< 404684003 |Clinical finding (finding)|"},
	{"408729009", "243796009", false, "<< 362981000 |Qualifier value (qualifier value)|"},
	{"408732007", "243796009", false, "<< 48176007 |Social context (social concept)|"},
	{"408731000", "243796009", false, "<< 362981000 |Qualifier value (qualifier value)|"},
}
