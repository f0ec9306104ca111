package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sampleFiles are what the project's own sample is imported from.
var sampleFiles = []string{"../../testdata/snomed", "../../testdata/icd10/icd10-fat.json", "../../testdata/icpc2/icpc2-fat.json", "../../testdata/icpc2/icpc2b-to-icd10.csv"}

// installSample imports the sample into a new data folder.
func installSample(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	status, _, stderr := kodeks(append([]string{"import", "--data", data, "--release-version", "2026"}, sampleFiles...)...)
	if status != exitAnswered {
		t.Fatalf("import of the sample: status %d, %s", status, stderr)
	}
	return data
}

// TestDoors asks the sample the same by the data folder, by gRPC and by FHIR: the
// facts are the same at every door.
func TestDoors(t *testing.T) {
	data := installSample(t)
	web, rpc := served(t, data)
	t.Run("commands", func(t *testing.T) { testCommands(t, data, rpc) })
	t.Run("fhir", func(t *testing.T) { testFHIR(t, web) })
	t.Run("exit status", func(t *testing.T) { testStatus(t, data, rpc) })
	t.Run("warnings", func(t *testing.T) { testWarnings(t, data, rpc) })
}

// testCommands asks by --data and by --server, in each format.
func testCommands(t *testing.T, data, rpc string) {
	const infarction = "http://snomed.info/sct?fhir_vs=isa/22298006"
	valueSet := filepath.Join(t.TempDir(), "hjerte.json")
	if err := os.WriteFile(valueSet, []byte(`{"resourceType":"ValueSet","url":"http://example.org/ValueSet/hjerte","status":"draft","compose":{"include":[
		{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"22298006"}]},
		{"system":"http://hl7.org/fhir/sid/icd-10-no","concept":[{"code":"I21.9"}]}]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		tsv  string // is part of the answer
	}{
		{[]string{"lookup", "22298006"}, "\n22298006\thjerteinfarkt\t"},
		{[]string{"lookup", "22298006", "--lang", "nn"}, "\n22298006\thjarteinfarkt\t"},
		{[]string{"lookup", "22298006", "--lang", "en"}, "\n22298006\tMyocardial infarction\t"},
		{[]string{"lookup", "i210a"}, "\nI21.0a\tAkutt hjerteinfarkt gjennom hele veggen, foran, type 4a\t"},
		{[]string{"lookup", "-30", "-s", "icpc-2"}, "\n-30\t"},
		{[]string{"lookup", "22298006", "I21.9", "K75.0001"}, "\nK75.0001\thjerteinfarkt akutt, fremre vegg\t"},
		{[]string{"search", "hjerteinf"}, "\n22298006\thjerteinfarkt\t"},
		{[]string{"search", "infarkt", "hjert", "-s", "snomed"}, "\n57054005\takutt hjerteinfarkt\t"},
		{[]string{"search", "hjarteinf", "--lang", "nn", "-s", "snomed"}, "\n22298006\thjarteinfarkt\t"},
		{[]string{"search", "brekkbønne"}, ""},
		{[]string{"subsumes", "22298006", "57054005"}, "subsumes"},
		{[]string{"subsumes", "57054005", "22298006"}, "subsumed-by"},
		{[]string{"subsumes", "22298006", "73211009"}, "not-subsumed"},
		{[]string{"translate", "22298006", "--to", "icd-10"}, "\nI21.9\tAkutt hjerteinfarkt, ikke nærmere angitt\t"},
		{[]string{"translate", "22298006", "--to", "icpc-2"}, "\nK75\tAkutt hjerteinfarkt\t"},
		{[]string{"translate", "-s", "icd-10", "--to", "snomed", "--reverse", "I21.9"}, "\n22298006\thjerteinfarkt\t"},
		{[]string{"translate", "-s", "icpc-2b", "K75.0001", "--to", "icd-10"}, "\nI21.0a\t"},
		{[]string{"validate-code", "-s", "icd-10", "I21.9", "I21.X"}, "\ttrue\t"},
		{[]string{"validate-code", "--value-set", infarction, "73211009"}, "\tfalse\t"},
		{[]string{"expand", infarction}, "\n57054005\takutt hjerteinfarkt\t"},
		{[]string{"expand", infarction, "--filter", "nedre"}, "\n73795002\takutt hjerteinfarkt i nedre vegg\t"},
		{[]string{"expand", infarction, "--filter", "framre", "--lang", "nn"}, "\n54329005\takutt hjarteinfarkt i framre vegg\t"},
		{[]string{"expand", valueSet}, "\nI21.9\tAkutt hjerteinfarkt, ikke nærmere angitt\t"},
		{[]string{"expand", infarction, "--limit", "2", "--offset", "1"}, "\n1755008\tgammelt hjerteinfarkt\t"},
		{[]string{"list"}, "\nsnomed-51000202101\t"},
		{[]string{"lookup", "155728006"}, "\n155728006\t"},
		{[]string{"lookup", "22298006 : { 263502005 = 424124008 }"}, "\t22298006|hjerteinfarkt|:{263502005|klinisk forløp|=424124008|"},
		{[]string{"ecl", "eval", "<", "57054005"}, "\n73795002\takutt hjerteinfarkt i nedre vegg\t"},
		{[]string{"ecl", "eval", "<< 22298006", "--lang", "nn", "--limit", "1", "--offset", "1"}, "\n1755008\tgammalt hjarteinfarkt\t"},
		{[]string{"ecl", "eval", "*", "--version", "20250915"}, "\n22298006\thjerteinfarkt\t"},
		{[]string{"ecl", "eval", "^ [referencedComponentId, mapTarget] 447562003"}, "\n22298006\tI21.9\n"},
		{[]string{"ecl", "eval", "^ [refsetId, referencedComponentId, mapTarget] *"}, "\n447562003\t22298006\tI21.9\n"}, // in several messages
		{[]string{"ecl", "eval", "< 57054005 MINUS *"}, "code\tdisplay\tstatus\n"},
		{[]string{"ecl", "count", "<< 22298006"}, "\n7\t<< 22298006\t"},
		{[]string{"ecl", "count", "<< 22298006", "--edition", "51000202101", "--version", "20250915"}, "\n7\t<< 22298006\t"},
		{[]string{"ecl", "validate", "descendantOf 22298006 |Myocardial infarction|"}, "\ntrue\t< 22298006\t"},
		{[]string{"ecl", "explain", "< 64572001 : 363698007 = << 74281007", "22298006"}, "\n0\ttrue\trefinement\t"},
		{[]string{"ecl", "explain", "< 64572001 : 363698007 = << 74281007", "73211009"}, "\n0\tfalse\trefinement\t"},
		{[]string{"ecl", "explain", "< 64572001", "22298007"}, "\n0\tfalse\t\t"},
		{[]string{"ecl", "format", "descendantOf 22298006"}, "< 22298006\n"},
		{[]string{"expression", "check", "22298006 : { 263502005 = 424124008 }"}, "\n22298006:{263502005=424124008}\t22298006|hjerteinfarkt|:"},
		{[]string{"expression", "check", "22298006 : 363698007 = 73211009"}, "\tfalse\terror\t"},
		{[]string{"expression", "format", "22298006 |x| : { 263502005 = 424124008 }", "--terms", "--lang", "nn"}, "\t22298006|hjarteinfarkt|:{263502005|"},
		{[]string{"expression", "format", "73211009 + 22298006", "--canonical"}, "\n22298006+73211009\t"},
		{[]string{"expression", "normalize", "22298006"}, "\n===251061000+414545008:"},
		{[]string{"expression", "compare", "22298006", "22298006 : { 263502005 = 424124008 }"}, "\tsubsumes\t"},
		{[]string{"expression", "compare", "80146002 + 6025007", "6025007"}, "\tequivalent\t"},
		{[]string{"expression", "test", "22298006 : { 263502005 = 424124008 }", "< 64572001 : 263502005 = *"}, "\ttrue\ttrue\t"},
		{[]string{"expression", "test", "22298006", "< 73211009"}, "\ttrue\tfalse\t"},
	} {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			for _, format := range []string{"table", "tsv", "json"} {
				args := append(slices.Clone(tt.args), "--format", format)
				status, local, stderr := kodeks(append(args, "--data", data)...)
				if status != exitAnswered || stderr != "" {
					t.Errorf("--data, %s: status %d, %q", format, status, stderr)
				}
				status, remote, stderr := kodeks(append(args, "--server", rpc)...)
				if status != exitAnswered || stderr != "" {
					t.Errorf("--server, %s: status %d, %q", format, status, stderr)
				}
				if local != remote {
					t.Errorf("%s by --data:\n%s\nby --server:\n%s", format, local, remote)
				}
				switch format {
				case "tsv":
					if !strings.Contains(local, tt.tsv) {
						t.Errorf("tsv:\n%s\nwant %q", local, tt.tsv)
					}
					if command := tt.args[0]; command != "expression" || tt.args[1] != "compare" {
						tidy(t, command, local)
					}
				case "json":
					for d := json.NewDecoder(strings.NewReader(local)); ; {
						var v map[string]any
						err := d.Decode(&v)
						if err == io.EOF {
							break
						}
						if err != nil {
							t.Fatalf("json does not parse: %v\n%s", err, local)
						}
					}
				}
			}
		})
	}
}

// testWarnings wants warnings on standard error, and the answer all the same.
func testWarnings(t *testing.T, data, rpc string) {
	const text = "<< 155728006 OR << 12345678"
	want := "kodeks: warning: line 1, column 4: concept 155728006 |Appendicitis| is inactive\nkodeks: warning: line 1, column 20: concept 12345678 is not in this release\n"
	for _, command := range []string{"eval", "count", "explain", "validate"} {
		for _, door := range [][]string{{"--data", data}, {"--server", rpc}} {
			status, stdout, stderr := kodeks("ecl", command, text, door[0], door[1])
			if status != exitAnswered || stdout == "" || stderr != want {
				t.Errorf("kodeks ecl %s %s: status %d, %q, %q, want an answer and\n%s", command, door[0], status, stdout, stderr, want)
			}
		}
	}
}

// tidy holds tsv to its contract: one header line, as many cells in every row, the
// code first and its display second.
func tidy(t *testing.T, command, tsv string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(tsv, "\n"), "\n")
	header := strings.Split(lines[0], "\t")
	if command == "ecl" { // of constraints: a count, a verdict, columns
		if !strings.Contains(tsv, "\t") {
			return // one text
		}
	} else if command != "list" && command != "subsumes" && (header[0] != "code" || header[1] != "display") {
		t.Errorf("the header of %s begins with %q, want code and display", command, header[:2])
	}
	for _, line := range lines[1:] {
		if strings.Count(line, "\t") != len(header)-1 || line == lines[0] {
			t.Errorf("%q has not the cells of the header %q", line, lines[0])
		}
	}
}

// testStatus is about the exit statuses, which are the same at both doors.
func testStatus(t *testing.T, data, rpc string) {
	for _, tt := range []struct {
		args   []string
		status int
	}{
		{[]string{"lookup", "22298006"}, exitAnswered},
		{[]string{"lookup", "-s", "icd-10", "I21.X"}, exitAnswered},
		{[]string{"subsumes", "22298006", "22298007"}, exitAnswered},
		{[]string{"validate-code", "-s", "snomed", "22298007"}, exitAnswered},
		{[]string{"translate", "138875005", "--to", "icd-10"}, exitAnswered},
		{[]string{"lookup", "-s", "loinc", "718-7"}, exitFailed},
		{[]string{"lookup", "-s", "icd-10", "--version", "1999", "I21.9"}, exitFailed},
		{[]string{"expand", "http://example.org/none"}, exitFailed},
		{[]string{"expand", "http://snomed.info/sct?fhir_vs=ecl/<22298006"}, exitAnswered},
		{[]string{"expand", "http://snomed.info/sct?fhir_vs=ecl/<22298006 AND"}, exitUsage},
		{[]string{"translate", "22298006", "--map", "http://example.org/none"}, exitFailed},
		{[]string{"ecl", "eval", "<< 22298006"}, exitAnswered},
		{[]string{"ecl", "eval", "<< 22298006 OR"}, exitUsage},
		{[]string{"ecl", "eval", "^ [mapColour] 447562003"}, exitUsage},
		{[]string{"ecl", "eval", "*", "--version", "19990131"}, exitFailed},
		{[]string{"ecl", "count", "< 22298006 AND < 64572001 OR *"}, exitUsage},
		{[]string{"ecl", "validate", "<< hjerte"}, exitUsage},
		{[]string{"ecl", "explain", "<< hjerte"}, exitUsage},
		{[]string{"ecl", "explain", "<< 22298006"}, exitAnswered},
		{[]string{"expression", "check", "22298006 :"}, exitUsage},
		{[]string{"expression", "normalize", "22298007"}, exitUsage},
		{[]string{"expression", "test", "22298006:{263502005=424124008}", "* {{ term = \"x\" }}"}, exitAnswered},
		{[]string{"search", ""}, exitUsage},
		{[]string{"search", "hjerte", "--limit", "1001"}, exitUsage},
		{[]string{"lookup", "22298006", "--lang", "bokmål"}, exitUsage},
		{[]string{"lookup"}, exitUsage},
	} {
		for _, door := range [][]string{{"--data", data}, {"--server", rpc}} {
			status, stdout, stderr := kodeks(append(slices.Clone(tt.args), door...)...)
			if status != tt.status || (status == exitAnswered) != (stderr == "") || status != exitAnswered && stdout != "" {
				t.Errorf("kodeks %q %s: status %d, want %d; %q, %q", tt.args, door[0], status, tt.status, stdout, stderr)
			}
		}
	}
}

// testFHIR asks with GET and with POST at each endpoint.
func testFHIR(t *testing.T, web string) {
	const sct, icd = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-no"
	for _, tt := range []struct {
		name, path string
		r4, r5     map[string]string // parameters; r5 nil: those of r4
		want       []string          // are parts of the answer
		status     int               // 0: 200
	}{
		{name: "lookup", path: "CodeSystem/$lookup", r4: map[string]string{"system": sct, "code": "22298006"}, want: []string{`"hjerteinfarkt"`, `"414545008"`}},
		{name: "lookup in nynorsk", path: "CodeSystem/$lookup", r4: map[string]string{"system": sct, "code": "22298006", "displayLanguage": "nn"}, want: []string{`"hjarteinfarkt"`}},
		{name: "lookup of another form", path: "CodeSystem/$lookup", r4: map[string]string{"system": icd, "code": "I210a"}, want: []string{`"Akutt hjerteinfarkt gjennom hele veggen, foran, type 4a"`}},
		{name: "lookup of no code", path: "CodeSystem/$lookup", r4: map[string]string{"system": sct, "code": "22298007"}, want: []string{`OperationOutcome`, `22298007`}, status: http.StatusNotFound},
		{name: "subsumes", path: "CodeSystem/$subsumes", r4: map[string]string{"system": sct, "codeA": "22298006", "codeB": "57054005"}, want: []string{`"subsumes"`}},
		{name: "subsumed by", path: "CodeSystem/$subsumes", r4: map[string]string{"system": icd, "codeA": "i219", "codeB": "I21"}, want: []string{`"subsumed-by"`}},
		{name: "validate in a code system", path: "CodeSystem/$validate-code", r4: map[string]string{"url": sct, "code": "22298006", "display": "hjerteinfarkt"}, want: []string{`"valueBoolean":true`, `"hjerteinfarkt"`}},
		{name: "validate a wrong display", path: "CodeSystem/$validate-code", r4: map[string]string{"url": sct, "code": "22298006", "display": "hjertesvikt"}, want: []string{`"valueBoolean":false`, `Wrong Display Name`}},
		{name: "validate in a value set", path: "ValueSet/$validate-code", r4: map[string]string{"url": sct + "?fhir_vs=isa/22298006", "system": sct, "code": "57054005"}, want: []string{`"valueBoolean":true`}},
		{name: "validate out of a value set", path: "ValueSet/$validate-code", r4: map[string]string{"url": sct + "?fhir_vs=isa/22298006", "system": sct, "code": "73211009"}, want: []string{`"valueBoolean":false`, `was not found in the value set`}},
		{name: "translate", path: "ConceptMap/$translate", r4: map[string]string{"system": sct, "code": "22298006", "targetsystem": icd}, r5: map[string]string{"system": sct, "sourceCode": "22298006", "targetSystem": icd},
			want: []string{`"valueBoolean":true`, `"I21.9"`, `"Akutt hjerteinfarkt, ikke nærmere angitt"`}},
		{name: "expand", path: "ValueSet/$expand", r4: map[string]string{"url": sct + "?fhir_vs=isa/57054005"}, want: []string{`"total":5`, `"akutt hjerteinfarkt i fremre vegg"`}},
		{name: "expand a page in nynorsk", path: "ValueSet/$expand", r4: map[string]string{"url": sct + "?fhir_vs=isa/57054005", "count": "1", "offset": "4", "displayLanguage": "nn"}, want: []string{`"total":5`, `"akutt hjarteinfarkt i nedre vegg"`}},
		{name: "expand with words", path: "ValueSet/$expand", r4: map[string]string{"url": sct + "?fhir_vs=isa/57054005", "filter": "fremre"}, want: []string{`"total":1`, `"54329005"`}},
		{name: "expand what is unknown", path: "ValueSet/$expand", r4: map[string]string{"url": "http://example.org/none"}, want: []string{`OperationOutcome`}, status: http.StatusNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status := tt.status
			if status == 0 {
				status = http.StatusOK
			}
			for _, base := range []string{"/fhir", "/fhir/r4", "/fhir/r5"} {
				parameters := tt.r4
				if base == "/fhir/r5" && tt.r5 != nil {
					parameters = tt.r5
				}
				for method, answer := range map[string]func(string, map[string]string) (*http.Response, error){"GET": getParameters, "POST": postParameters} {
					resp, err := answer("http://"+web+base+"/"+tt.path, parameters)
					if err != nil {
						t.Fatal(err)
					}
					body, err := io.ReadAll(resp.Body)
					resp.Body.Close()
					if err != nil || resp.StatusCode != status || !json.Valid(body) {
						t.Errorf("%s %s/%s: %d, %v, want %d\n%s", method, base, tt.path, resp.StatusCode, err, status, body)
					}
					var tight bytes.Buffer
					if json.Compact(&tight, body) != nil {
						continue
					}
					for _, want := range tt.want {
						if !strings.Contains(tight.String(), want) {
							t.Errorf("%s %s/%s:\n%s\nwant %s", method, base, tt.path, body, want)
						}
					}
				}
			}
		})
	}
}

func getParameters(address string, parameters map[string]string) (*http.Response, error) {
	q := url.Values{}
	for name, value := range parameters {
		q.Set(name, value)
	}
	return http.Get(address + "?" + q.Encode())
}

// postParameters asks with a Parameters resource.
func postParameters(address string, parameters map[string]string) (*http.Response, error) {
	types := map[string]string{"system": "valueUri", "url": "valueUri", "targetsystem": "valueUri", "targetSystem": "valueUri", "display": "valueString", "filter": "valueString"}
	var list []map[string]any
	for name, value := range parameters {
		switch typ := types[name]; {
		case name == "count" || name == "offset":
			list = append(list, map[string]any{"name": name, "valueInteger": json.Number(value)})
		case typ != "":
			list = append(list, map[string]any{"name": name, typ: value})
		default:
			list = append(list, map[string]any{"name": name, "valueCode": value})
		}
	}
	body, err := json.Marshal(map[string]any{"resourceType": "Parameters", "parameter": list})
	if err != nil {
		return nil, err
	}
	return http.Post(address, "application/fhir+json", bytes.NewReader(body))
}
