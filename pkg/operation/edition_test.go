package operation

import "testing"

// TestEditionName names editions by their module, those for tests too.
func TestEditionName(t *testing.T) {
	for uri, want := range map[string]string{
		"http://snomed.info/sct/51000202101/version/20250915":         "Norwegian Edition",
		"http://snomed.info/xsct/51000202101/version/20250915":        "Norwegian Edition, experimental",
		"http://snomed.info/sct/900000000000207008/version/20250201":  "International Edition",
		"http://snomed.info/xsct/900000000000207008/version/20250201": "International Edition, experimental",
		"http://snomed.info/xsct/31000003106/version/20250909":        "International Edition",
		"http://snomed.info/sct/11000003104/version/20250909":         "edition of module 11000003104",
		"2025": "Unknown Edition",
	} {
		if got := editionName(uri); got != want {
			t.Errorf("editionName(%q) = %q, want %q", uri, got, want)
		}
	}
}
