package catalog_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
)

// TestFingerprint: it is that of what answers, however it came there.
func TestFingerprint(t *testing.T) {
	print := func(data string, o catalog.Options) string {
		c, err := catalog.Open(data, newOpener(t).Open, o)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		snap := c.Acquire()
		defer snap.LetGo()
		return snap.Fingerprint()
	}
	data, other := t.TempDir(), t.TempDir()
	publish(t, data, icd10("2025"), "old", false)
	old := print(data, catalog.Options{})
	publish(t, data, icd10("2026"), "a", false)
	both := print(data, catalog.Options{})
	if old == both || len(both) != 32 {
		t.Errorf("with 2026 it is %s, before it was %s", both, old)
	}
	publish(t, other, icd10("2026"), "a", false)
	publish(t, other, icd10("2025"), "old", false)
	if got := print(other, catalog.Options{}); got != both {
		t.Errorf("the same releases in another folder: %s, want %s", got, both)
	}
	if got := print(data, catalog.Options{Default: map[string]string{codesystem.ICD10NO: "2025"}}); got == both {
		t.Error("another default version has the same fingerprint")
	}
	publish(t, data, icd10("2026"), "longer", true)
	if got := print(data, catalog.Options{}); got == both {
		t.Error("a release with other files has the same fingerprint")
	}
}
