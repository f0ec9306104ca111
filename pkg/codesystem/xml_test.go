package codesystem_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	whoXML   = "\ufeff<icd_10_v2019><item type='category'><name>A00</name><description>Kolera</description></item></icd_10_v2019>"
	gmXML    = "<?xml version='1.0'?>\n<!DOCTYPE ClaML SYSTEM 'ClaML.dtd'>\n<ClaML><Title name='ICD-10-GM' version='2025'/><Class code='A00' kind='category'/></ClaML>"
	otherXML = "<ClaML><Title name='OPS'/><Class code='1' kind='category'/></ClaML>"
	orphaXML = "<JDBOR><DisorderList count='1'><Disorder><OrphaCode>58</OrphaCode><Name>x</Name></Disorder></DisorderList></JDBOR>"
	festXML  = "<OppfLegemiddelpakning><Atc V='C01DA14' DN='x'/></OppfLegemiddelpakning>"
	orderTXT = "00001 A00     0 Cholera                                                      Cholera\r\n"
)

// TestDetectXML tells the code systems of files apart by their first element.
func TestDetectXML(t *testing.T) {
	for _, tt := range []struct {
		name   string
		input  codesystem.Input
		system string
		want   string
	}{
		{"one of each", folder("x", "a", whoXML, "b", gmXML, "c", orphaXML, "d", festXML, "e", orderTXT, "f.html", "<html><p>x</html>"), "", "icd-10 icd-10-gm orphanet atc icd-10-cm"},
		{"files that are one release", folder("x", "a", festXML, "b", "V09AB02\tJod\n", "c", festXML), "", "atc"},
		{"one that is asked for", folder("x", "a", whoXML, "b", gmXML), "icd10gm", "icd-10-gm"},
		{"what the user says", folder("x", "a", otherXML), "icd-10-gm", "icd-10-gm"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sources, err := codesystem.Detect([]codesystem.Input{tt.input}, codesystem.Options{System: tt.system, Today: today})
			if got := names(sources); got != tt.want || err != nil {
				t.Errorf("Detect = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

// TestDetectXMLRefuses holds what a person sees of files that cannot be read.
func TestDetectXMLRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		content, want string
	}{
		"a ClaML of nothing that we know": {otherXML, `a.xml: ClaML with the title "OPS", which is no code system that we know: say which of icd-10-who, icd-10-gm and icpc-2 it is`},
		"another encoding":                {"<?xml version='1.0' encoding='KOI8-R'?>\n<a/>", `x/a.xml:1: the encoding "KOI8-R" is not supported: save the file as UTF-8 and import again`},
	} {
		_, err := codesystem.Detect([]codesystem.Input{folder("x", "a.xml", tt.content)}, codesystem.Options{Today: today})
		if err == nil || terminology.Message(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}
