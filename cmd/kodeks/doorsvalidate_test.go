package main

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// doorAnswer is what a validation tells, whatever the door.
type doorAnswer struct {
	Result                              bool
	System, Version, Code, Display, All string // All: the message
	Inactive                            bool
	Issues                              []string // severity, code and text
}

// TestValidateDoors asks the same of the data folder, of gRPC and of FHIR: each tells the
// same verdict, code, version, display and issues.
func TestValidateDoors(t *testing.T) {
	data := installSample(t)
	web, rpc := served(t, data)
	const sct, icd = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-no"
	const infarction, older = sct + "?fhir_vs=isa/22298006", "http://snomed.info/sct/51000202101/version/20250315"
	for _, tt := range []struct {
		name, system, version, code, display, valueSet, lang, date string
		want                                                       bool
	}{
		{name: "a code", system: sct, code: "22298006", want: true},
		{name: "a code that there is not", system: sct, code: "22298007"},
		{name: "an edition", system: sct, version: "http://snomed.info/sct/51000202101", code: "22298006", want: true},
		{name: "a version that there is not", system: sct, version: older, code: "22298006"},
		{name: "a display", system: sct, code: "22298006", display: "hjerteinfarkt", want: true},
		{name: "a display in another case", system: sct, code: "22298006", display: "Hjerteinfarkt", want: true},
		{name: "a wrong display", system: sct, code: "22298006", display: "hjertesvikt"},
		{name: "a display in another language than the client wants", system: sct, code: "22298006", display: "Heart attack", lang: "nb"},
		{name: "a display in the language that the client wants", system: sct, code: "22298006", display: "hjarteinfarkt", lang: "nn", want: true},
		{name: "a wrong display in a language", system: sct, code: "22298006", display: "hjartesvikt", lang: "nn"},
		{name: "in a value set", system: sct, code: "57054005", valueSet: infarction, want: true},
		{name: "not in a value set", system: sct, code: "73211009", valueSet: infarction},
		{name: "not in a value set, with a display", system: sct, code: "73211009", display: "diabetes mellitus", valueSet: infarction},
		{name: "a version in a value set", system: sct, version: "http://snomed.info/sct/51000202101/version/20250915", code: "57054005", valueSet: infarction, want: true},
		{name: "another version in a value set", system: sct, version: older, code: "57054005", valueSet: infarction},
		{name: "in a constraint", system: sct, code: "57054005", valueSet: sct + "?fhir_vs=ecl/< 22298006", want: true},
		{name: "another code system than that of the value set", system: icd, code: "I21.9", valueSet: infarction},
		{name: "inactive", system: sct, code: "155728006", want: true},
		{name: "inactive, of a value set", system: sct, code: "155728006", valueSet: sct + "?fhir_vs", want: true},
		{name: "no longer valid", system: icd, code: "R50.0", want: true},
		{name: "on a day", system: icd, code: "R50.0", date: "2009-06-30", want: true},
		{name: "on a day that is too late", system: icd, code: "R50.0", date: "2026-06-30"},
		{name: "abstract", system: icd, code: "I20-I25", want: true},
		{name: "written otherwise", system: icd, code: "i219", want: true},
		{name: "an expression", system: sct, code: "22298006:{263502005=424124008}", want: true},
		{name: "an expression in a value set", system: sct, code: "22298006:{263502005=424124008}", valueSet: infarction, want: true},
		{name: "an expression against the concept model", system: sct, code: "22298006:363698007=73211009"},
		{name: "no expression", system: sct, code: "22298006:363698007=73211000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			local := validateByCommand(t, tt.system, tt.version, tt.code, tt.display, tt.valueSet, tt.lang, tt.date, "--data", data)
			remote := validateByCommand(t, tt.system, tt.version, tt.code, tt.display, tt.valueSet, tt.lang, tt.date, "--server", rpc)
			if diff := cmp.Diff(local, remote); diff != "" {
				t.Errorf("by --data (-) and by --server (+):\n%s", diff)
			}
			if local.Result != tt.want {
				t.Errorf("result %v, want %v: %+v", local.Result, tt.want, local)
			}
			for _, base := range []string{"/fhir/r4", "/fhir/r5"} {
				web := validateByFHIR(t, "http://"+web+base, tt.system, tt.version, tt.code, tt.display, tt.valueSet, tt.lang, tt.date)
				if diff := cmp.Diff(local, web); diff != "" {
					t.Errorf("by --data (-) and by %s (+):\n%s", base, diff)
				}
			}
		})
	}
}

func validateByCommand(t *testing.T, system, version, code, display, valueSet, lang, date string, door ...string) doorAnswer {
	t.Helper()
	args := append([]string{"validate-code", "--format", "json", "-s", system}, door...)
	for flag, value := range map[string]string{"--version": version, "--display": display, "--value-set": valueSet, "--lang": lang, "--date": date} {
		if value != "" {
			args = append(args, flag, value)
		}
	}
	status, stdout, stderr := kodeks(append(args, "--", code)...)
	if status != exitAnswered {
		t.Fatalf("kodeks %q: status %d, %s", args, status, stderr)
	}
	var m struct {
		Result, Inactive bool
		Message, Given   string
		Coding           struct{ System, Version, Code, Display string }
		Issues           []struct{ Severity, Code, Text string }
	}
	if err := json.Unmarshal([]byte(stdout), &m); err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	a := doorAnswer{m.Result, m.Coding.System, m.Coding.Version, m.Coding.Code, m.Coding.Display, m.Message, m.Inactive, nil}
	for _, i := range m.Issues {
		a.Issues = append(a.Issues, i.Severity+" "+i.Code+" "+i.Text)
	}
	return a
}

func validateByFHIR(t *testing.T, base, system, version, code, display, valueSet, lang, date string) doorAnswer {
	t.Helper()
	address, parameters := base+"/CodeSystem/$validate-code", map[string]string{"url": system, "version": version}
	if valueSet != "" {
		address, parameters = base+"/ValueSet/$validate-code", map[string]string{"url": valueSet, "system": system, "systemVersion": version}
	}
	parameters["code"], parameters["display"], parameters["displayLanguage"], parameters["date"] = code, display, lang, date
	for name, value := range parameters {
		if value == "" {
			delete(parameters, name)
		}
	}
	resp, err := getParameters(address, parameters)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%s %v: %d, %v\n%s", address, parameters, resp.StatusCode, err, body)
	}
	var m struct {
		Parameter []struct {
			Name, ValueCode, ValueURI, ValueString string
			ValueBoolean                           bool
			Resource                               struct {
				Issue []struct {
					Severity string
					Details  struct {
						Coding []struct{ Code string }
						Text   string
					}
				}
			}
		}
	}
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	var a doorAnswer
	for _, p := range m.Parameter {
		switch p.Name {
		case "result":
			a.Result = p.ValueBoolean
		case "system":
			a.System = p.ValueURI
		case "version":
			a.Version = p.ValueString
		case "code":
			a.Code = p.ValueCode
		case "normalized-code":
			a.Code = p.ValueCode // after code
		case "display":
			a.Display = p.ValueString
		case "message":
			a.All = p.ValueString
		case "inactive":
			a.Inactive = p.ValueBoolean
		case "issues":
			for _, i := range p.Resource.Issue {
				codes := slices.Collect(func(yield func(string) bool) {
					for _, c := range i.Details.Coding {
						if !yield(c.Code) {
							return
						}
					}
				})
				a.Issues = append(a.Issues, i.Severity+" "+strings.Join(codes, " ")+" "+i.Details.Text)
			}
		}
	}
	return a
}
