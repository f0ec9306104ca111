package codesystem

import "strings"

// Unspecified returns what tells which codes of a code system are those of their category
// for what is not specified, and nil for a code system that has none such. Both ICD-10 and
// ICD-11 keep a place for them: a fourth character 9 (J06.9), and the residual category Z
// (GC00.Z, 5A7Z); other places at the end are for what is specified elsewhere, 8 and Y. Not
// every category has one, and whether the code exists is for a release to tell.
func Unspecified(system string) func(code string) bool {
	switch system {
	case ICD11:
		return func(code string) bool { return strings.HasSuffix(code, "Z") }
	case ICD10NO:
		return unspecified10
	}
	if s, ok := Known(system); ok && strings.HasPrefix(s.Name, "icd-10") {
		return unspecified10
	}
	return nil
}

func unspecified10(code string) bool {
	return len(code) == len("J06.9") && strings.HasSuffix(code, ".9")
}

// URIProperty returns the property of concepts that is their URI, by which the publisher's
// own maps call those that have no code of his, such as blocks of ICD-11; "" for code systems
// whose concepts all have codes.
func URIProperty(system string) string {
	if system == ICD11 {
		return "linearization-uri"
	}
	return ""
}
