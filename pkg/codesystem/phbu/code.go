package phbu

import (
	"fmt"
	"regexp"
	"strings"
)

// System is the canonical URI of PHBU, its OID.
const System = "urn:oid:2.16.578.1.12.4.1.1.7112"

// axes are what the axes are about, the first one first.
var axes = [...]string{"Klinisk psykiatrisk syndrom", "Spesifikke utviklingsforstyrrelser", "Psykisk utviklingshemming og evnenivå",
	"Somatiske tilstander", "Avvikende psykososiale forhold", "Globalt funksjonsnivå (CGAS)"}

// roman are the numbers of the axes as some files write them.
var roman = [...]string{"I", "II", "III", "IV", "V", "VI"}

// axisOf reads the number of an axis: 1, Akse 1, akse I, "1: ...".
func axisOf(text string) (byte, bool) {
	word := strings.ToUpper(strings.TrimSpace(text))
	word = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(word, "AKSE"), "AXIS"))
	if i := strings.IndexAny(word, " :-–."); i > 0 {
		word = word[:i]
	}
	if len(word) == 1 && word[0] >= '1' && word[0] <= '6' {
		return word[0], true
	}
	for i, r := range roman {
		if word == r {
			return '1' + byte(i), true
		}
	}
	return 0, false
}

// value returns a code on its axis as it is published: one of ICD-10 has its point.
func value(code string) string {
	code = strings.TrimSpace(code)
	if len(code) < 3 || !letter(code[0]) || !digit(code[1]) || !digit(code[2]) {
		return code
	}
	code = strings.ToUpper(code[:1]) + code[1:]
	if len(code) > 3 && digit(code[3]) {
		code = code[:3] + "." + code[3:]
	}
	return code
}

func letter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// published reads the axis and code of a row, with a colon between them.
func published(cell string) (string, error) {
	axis, code, ok := strings.Cut(cell, ":")
	a, known := axisOf(axis)
	if code = value(code); !ok || !known || code == "" {
		return "", fmt.Errorf("%q: want the axis, 1 to 6, and its code, such as 1:F90.0", cell)
	}
	if form := forms[a]; form != nil && !form.MatchString(code) {
		return "", fmt.Errorf("%q: a code of axis %c is a number such as %s", cell, a, formOf[a])
	}
	return string(a) + ":" + code, nil
}

// forms are those of the codes of axes that are not of ICD-10: what a workbook makes of
// them, such as a day for 1-10, is none.
var (
	forms  = map[byte]*regexp.Regexp{'5': regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,2})*$`), '6': regexp.MustCompile(`^[0-9]{1,3}( ?[-–] ?[0-9]{1,3})?$`)}
	formOf = map[byte]string{'5': "3.0", '6': "91-100"}
)

// doubt tells of what a workbook makes of 3.0 when it takes it for a number.
func doubt(code string) string {
	if rest, ok := strings.CutPrefix(code, "5:"); ok && !strings.Contains(rest, ".") {
		return fmt.Sprintf("%s has no digit behind its point: as a number of a workbook %s.0 loses it", code, rest)
	}
	return ""
}

// Normalize returns the canonical forms that a typed code may be meant to have: that on
// its axis, as in 1:F900 and 1 F90.0, or, without one, those on each axis in turn.
func Normalize(code string) []string {
	code = strings.TrimSpace(code)
	if i := strings.IndexAny(code, ": "); i > 0 {
		if axis, ok := axisOf(code[:i]); ok {
			if rest := value(code[i+1:]); rest != "" {
				return []string{string(axis) + ":" + rest}
			}
		}
		return nil
	}
	if code == "" {
		return nil
	}
	all := make([]string, len(axes))
	for i := range axes {
		all[i] = string('1'+byte(i)) + ":" + value(code)
	}
	return all
}

// above returns what is above a code by its form: the category of ICD-10, else the axis.
func above(code string) string {
	axis, rest, ok := strings.Cut(code, ":")
	if !ok {
		return ""
	}
	if i := strings.IndexByte(rest, '.'); i == 3 && letter(rest[0]) {
		if len(rest) > 5 {
			return code[:len(axis)+1+5]
		}
		return code[:len(axis)+1+3]
	}
	return axis
}

// groupText returns the term of an axis, and none of categories.
func groupText(code, _, _ string) string {
	if len(code) == 1 && code[0] >= '1' && code[0] <= '6' {
		return "Akse " + code + ": " + axes[code[0]-'1']
	}
	return ""
}
