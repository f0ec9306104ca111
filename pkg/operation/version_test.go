package operation

import "testing"

// TestVersionMatches reads versions with wildcards.
func TestVersionMatches(t *testing.T) {
	for _, tt := range []struct {
		pattern, version string
		want             bool
	}{
		{"1.0.0", "1.0.0", true}, {"1", "1.0.0", false}, {"1.x", "1.0.0", true}, {"1.x.x", "1.2.0", true}, {"1.0.x", "1.2.0", false},
		{"1.*", "1.2.0", true}, {"x", "7", true}, {"1.x.0", "1.2.0", true}, {"1.x.0", "1.2.1", false}, {"1.2.x", "1.2", false},
		{"http://snomed.info/sct/1", "http://snomed.info/sct/1/version/20250101", true}, {"http://snomed.info/sct/1", "http://snomed.info/sct/10/version/20250101", false},
	} {
		if got := versionMatches(tt.pattern, tt.version); got != tt.want {
			t.Errorf("versionMatches(%q, %q) = %v", tt.pattern, tt.version, got)
		}
	}
}
