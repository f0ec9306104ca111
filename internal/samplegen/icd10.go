package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// tsv returns the rows of a tab-separated table, each padded to n columns.
func tsv(name string, n int) ([][]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\r\n"); line == "" || line[0] == '#' {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) > n {
			return nil, fmt.Errorf("%s: %q: more than %d columns", name, line, n)
		}
		for len(row) < n {
			row = append(row, "")
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// icd10Code is one row of the ICD-10 table.
type icd10Code struct {
	code, parent, text, short string
	flags                     map[string]string
	usable                    bool // may be reported: not a chapter, block or subdivided category
}

// readICD10 reads the table and checks that parents come before their children.
func readICD10(name string) ([]*icd10Code, error) {
	rows, err := tsv(name, 5)
	if err != nil {
		return nil, err
	}
	var codes []*icd10Code
	byCode := map[string]*icd10Code{}
	for _, row := range rows {
		c := &icd10Code{code: row[0], parent: row[1], text: row[2], short: row[4], flags: map[string]string{}, usable: true}
		for flag := range strings.FieldsSeq(row[3]) {
			key, value, _ := strings.Cut(flag, "=")
			c.flags[key] = value
		}
		if c.short == "" {
			c.short = c.text
		}
		parent := byCode[c.parent]
		switch {
		case byCode[c.code] != nil:
			return nil, fmt.Errorf("%s: %s is there twice", name, c.code)
		case c.parent != "" && parent == nil:
			return nil, fmt.Errorf("%s: %s: parent %s is not above it", name, c.code, c.parent)
		case parent != nil && !strings.Contains(parent.code, "."):
			parent.usable = false // I21.0 may be reported although I21.0a exists; I21 may not
		}
		byCode[c.code] = c
		codes = append(codes, c)
	}
	for _, c := range codes {
		if c.usable && len([]rune(c.short)) > 60 {
			return nil, fmt.Errorf("%s: %s: short text has more than 60 characters", name, c.code)
		}
	}
	return codes, nil
}

// object is a JSON object whose keys keep their order.
type object []struct {
	key   string
	value any
}

func (o *object) add(key string, value any) {
	*o = append(*o, struct {
		key   string
		value any
	}{key, value})
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteString(", ")
		}
		key, err := plainJSON(m.key)
		if err != nil {
			return nil, err
		}
		value, err := plainJSON(m.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s: %s", key, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plainJSON encodes without escaping <, > and &.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// array writes one object a line, so that a change is one line of a diff.
func array(objects []object) []byte {
	var b bytes.Buffer
	b.WriteString("[\n")
	for i, o := range objects {
		data, err := o.MarshalJSON()
		if err != nil {
			panic(err) // strings and nil always encode
		}
		b.WriteByte(' ')
		b.Write(data)
		if i < len(objects)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
	return b.Bytes()
}

// orNull returns nil, which JSON writes as null, for the empty string.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func yes(set bool) any {
	if set {
		return "Ja"
	}
	return nil
}

const beginning = "1999-01-01T00:00:00"

// fat returns the code in the Directorate's download form.
func (c *icd10Code) fat(parentText string) object {
	has := func(flag string) bool { _, ok := c.flags[flag]; return ok }
	from := c.flags["from"]
	if from == "" {
		from = beginning
	}
	var short, nprFrom any
	if c.usable {
		short = c.short
	}
	if c.usable || has("npr-to") {
		nprFrom = from
	}
	reported := yes(c.usable)
	if c.flags["npr"] == "empty" {
		reported = ""
	}
	var o object
	o.add("Kode", c.code)
	o.add("Tekst_uten_lengdebegrensning", c.text)
	o.add("Tekst_med_maksimalt_60_tegn", short)
	o.add("Gyldig_fra", from)
	o.add("Gyldig_til", orNull(c.flags["to"]))
	o.add("Rapporteres_til_NPR", reported)
	o.add("NPR_Gyldig_fra", nprFrom)
	o.add("NPR_Gyldig_til", orNull(c.flags["npr-to"]))
	if !has("short-keys") {
		o.add("Stjernekode", yes(has("star")))
		o.add("Tilleggskode", yes(has("additional")))
		o.add("Kjønn", orNull(c.flags["sex"]))
		o.add("Uspesifikk_kode", yes(has("unspecific")))
	}
	o.add("Foreldrekode", orNull(c.parent))
	o.add("Foreldrekodetekst", orNull(parentText))
	return o
}

// valid reports whether the code may be reported today.
func (c *icd10Code) valid() bool { return c.usable && c.flags["to"] == "" }

const byteOrderMark = "\ufeff"

// icd10Files returns the forms in which Norwegian ICD-10 is met: the FAT
// download, a list with dots and "#", one without dots and ";", and JSON.
func icd10Files(codes []*icd10Code) []File {
	texts := map[string]string{}
	var fat, small []object
	dotted, bare := []string{"system#code#text"}, []string{byteOrderMark + "ICD10;Tekst"}
	for _, c := range codes {
		texts[c.code] = c.text
		fat = append(fat, c.fat(texts[c.parent]))
		if !c.valid() {
			continue
		}
		code := strings.ReplaceAll(c.code, ".", "")
		dotted = append(dotted, "ICD10#"+c.code+"#"+c.text)
		bare = append(bare, code+";"+c.text)
		var o object
		o.add("code", code)
		o.add("text", c.short)
		small = append(small, o)
	}
	files := []File{
		{"icd10/icd10-fat.json", array(fat)},
		{"icd10/icd10.csv", lines(true, dotted)},
		{"icd10/icd10-without-dots.csv", lines(true, bare)},
		{"icd10/icd10-without-dots.json", array(small)},
	}
	return append(files, icd10Faults(codes)...)
}

// icd10Faults returns small FAT downloads, each with one fault that an import
// must refuse. control.json is the same download without a fault.
func icd10Faults(codes []*icd10Code) []File {
	texts := map[string]string{}
	family := func() []object {
		var out []object
		for _, c := range codes {
			texts[c.code] = c.text
			switch c.code {
			case "IX", "I20-I25", "I20", "I20.0", "I20.9":
				out = append(out, c.fat(texts[c.parent]))
			}
		}
		return out
	}
	with := func(key string, value any) []byte {
		rows := family()
		last := rows[len(rows)-1]
		for i := range last {
			if last[i].key == key {
				last[i].value = value
			}
		}
		return array(rows)
	}
	without := func(key string) []byte {
		rows := family()
		var kept object
		for _, m := range rows[len(rows)-1] {
			if m.key != key {
				kept = append(kept, m)
			}
		}
		rows[len(rows)-1] = kept
		return array(rows)
	}
	twice := family()
	again := append(object(nil), twice[len(twice)-1]...)
	again[1].value = "Hjertekrampe med en annen tekst"
	whole := array(family())
	pointer := "version https://git-lfs.github.com/spec/v1\n" +
		"oid sha256:0000000000000000000000000000000000000000000000000000000000000000\nsize 9876543\n"
	return []File{
		{"icd10/bad/control.json", whole},
		{"icd10/bad/npr-value.json", with("Rapporteres_til_NPR", "Kanskje")},
		{"icd10/bad/date.json", with("Gyldig_fra", "1999-13-01T00:00:00")},
		{"icd10/bad/missing-code.json", without("Kode")},
		{"icd10/bad/duplicate-code.json", array(append(twice, again))},
		{"icd10/bad/truncated.json", whole[:len(whole)*2/3]},
		{"icd10/bad/unknown-parent.json", with("Foreldrekode", "I29")},
		{"icd10/bad/git-lfs-pointer.json", []byte(pointer)},
	}
}
