package norwegian_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/language/norwegian"
)

func TestStemBringsFormsTogether(t *testing.T) {
	tests := []struct{ name, words string }{
		{"noun, both forms", "åreknute åreknuten åreknuter åreknutene åreknutar åreknutane"},
		{"feminine", "brystsmerte brystsmerter brystsmertene brystsmerta"},
		{"heart", "hjerte hjertet hjertets hjerter hjertene hjarte hjartet hjarta"},
		{"-ning and -ing", "blødning blødninger blødningen blødningene bløding blødingar blødinga blødingane"},
		{"adjective", "akutt akutte"},
		{"neuter of an adjective", "malign malignt maligne"},
		{"fracture", "brudd bruddet bruddene brot brotet"},
		{"fracture of a bone", "lårbeinsbrudd lårbensbrudd lårbeinsbrot lårbeinsbruddet"},
		{"-dom", "sykdom sykdommer sykdommen sykdommens sykdommene sjukdom sjukdomen sjukdomar sjukdommar"},
		{"compound with -dom", "hjertesykdom hjertesykdommer hjartesjukdom hjartesjukdommar"},
		{"sick", "syk syke sykt sjuk sjuke"},
		{"not", "ikke ikkje"},
		{"without", "uten utan"},
		{"from", "fra frå"},
		{"-het, -heit", "varighet varigheten varigheter varigheit varigheiter"},
		{"-lighet, -legheit", "bevegelighet bevegelegheit"},
		{"-lig, -leg", "alvorlig alvorlige alvorleg alvorlege"},
		{"-som, -sam", "langsom langsomme langsomt langsam langsame"},
		{"-else, -ing", "forstyrrelse forstyrrelser forstyrrelsen forstyrring forstyrringar"},
		{"-else in both forms", "betennelse betennelser betennelsen betennelsar"},
		{"complaint", "lidelse lidelser liding lidingar"},
		{"milk", "melk mjølk"},
		{"eye", "øye øyet øyne øynene auge auga augene"},
		{"ear", "øre ører øret øyre øyra"},
		{"middle ear", "mellomørebetennelse mellomøyrebetennelse"},
		{"leg", "bein ben beinet benet beina"},
		{"better", "bedre betre"},
		{"right", "høyre høgre"},
		{"child", "barn barnet barna born"},
		{"stone", "stein sten steiner steinar"},
		{"gallstone", "gallestein gallesten gallesteiner gallesteinar"},
		{"home", "hjem heim"},
		{"white", "hvit hvite kvit kvite"},
		{"soft", "bløt bløte blaut blaute"},
		{"participle", "lukket lukkede lukka"},
		{"malignant", "ondartet ondartede vondarta"},
		{"unspecified", "uspesifisert uspesifiserte"},
		{"overlapping", "overlappende overlappande"},
		{"-el", "muskel muskler musklene muskelen musklar"},
		{"-el with two consonants", "knokkel knokler knoklene knokkelen knoklar"},
		{"-er", "finger fingre fingrene fingeren fingrar"},
		{"hand", "hånd hånden hender hendene hand handa"},
		{"tooth", "tann tannen tenner tennene"},
		{"visdom tooth", "visdomstann visdomstenner"},
		{"nerve root", "nerverot nerverøtter nerverøttene"},
		{"chamber", "forkammer forkamre forkamrene"},
		{"infinitive", "undersøke undersøker undersøka"},
		{"examination", "undersøkelse undersøkelser undersøkelsen undersøking undersøkinga"},
		{"airways", "luftvei luftveier luftveiene luftveg luftvegar luftvegane"},
		{"place", "funnsted funnstad"},
		{"patient", "pasient pasienten pasientens pasienter pasientar"},
		{"eponym", "hutchinson hutchinsons"},
		{"Alzheimer", "alzheimer alzheimers"},
		{"pulmonary artery", "lungearterie lungearterien lungearterier lungearterienes lungearteriar"},
		{"low", "lav lavt lave låg lågt"},
		{"high", "høy høyt høye høg høgt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			words := language.Tokens(tt.words)
			want := norwegian.Stem(words[0])
			for _, w := range words[1:] {
				if got := norwegian.Stem(w); got != want {
					t.Errorf("Stem(%q) = %q, but Stem(%q) = %q", w, got, words[0], want)
				}
			}
		})
	}
}

func TestStemKeepsWordsApart(t *testing.T) {
	tests := []struct{ name, words string }{
		{"cancer and forces", "kreft krefter"},
		{"ureter and urethra", "ureter uretra"},
		{"plant and sole", "planter plantar"},
		{"tendon and late", "sener sent senere"},
		{"leg and doctor", "legg lege ligge"},
		{"feeling and hypoglycaemia", "følelse føling"},
		{"gangrene and duct", "gangren gang"},
		{"gut and thin", "tarm tynn torn"},
		{"Latin endings", "carcinoma carcinomatosis sarcoma sarkoid"},
		{"inflammation and degeneration", "arthritis arthrosis artritt artrose"},
		{"dementia and its adjective", "demens dement"},
		{"antigen and gene", "antigen gen"},
		{"not, without, after", "ikke uten etter"},
		{"KOLS and carbon", "kols kol kul"},
		{"AIDS and help", "aids aid"},
		{"other and second", "annen andre"},
		{"trauma and dream", "traume drøm strøm"},
		{"liver and live", "lever levende"},
		{"fever and fibre", "feber fiber"},
		{"pelvis and jaw", "bekken kjeve"},
		{"skin and hen", "hud høne"},
		{"tooth and then", "tann ten"},
		{"milk and milt", "melk milt"},
		{"measure and measuring", "måling mål"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stems := map[string]string{}
			for _, w := range strings.Fields(tt.words) {
				s := norwegian.Stem(w)
				if other, ok := stems[s]; ok {
					t.Errorf("%q and %q have the same stem %q", other, w, s)
				}
				stems[s] = w
			}
		})
	}
}

func TestStemLeavesAlone(t *testing.T) {
	for _, w := range []string{
		"", "i", "av", "med", "og", "kne", "arm", "mri", "kols", "b12", "i21", "0a", "hba1c", "3a", "ikke", "uten", "herpes", "diabetes",
		"arthritis", "carcinoma", "tuberculosis", "tibia", "trauma", "antigen", "ødem", "μg", "sår", "膝", strings.Repeat("sykdommene", 10),
	} {
		if got := norwegian.Stem(w); got != w {
			t.Errorf("Stem(%q) = %q, want it unchanged", w, got)
		}
	}
}

func TestSpell(t *testing.T) {
	for in, want := range map[string]string{
		"hjarteinf":       "hjerteinf", // being typed
		"hjertein":        "hjertein",
		"sjukd":           "sykd",
		"augesjukdomm":    "øyesykdomm",
		"åreknutene":      "åreknutene", // endings stay
		"mellomøyrebet":   "mellomørebet",
		"høyrsel":         "hørsel",
		"høyre":           "høyre", // the right side, not the ear
		"luftvegsinf":     "luftveisinf",
		"vegg":            "vegg",
		"tilgjengelig":    "tilgjengelig",
		"fødselstraume":   "fødselstraume",
		"beinskjørheit":   "beinskjørhet",
		"vegetativ":       "vegetativ",
		"klaustrofobi":    "klaustrofobi",
		"benign":          "benign",
		"benzodiazepin":   "benzodiazepin",
		"svulsten":        "svulsten",
		"proteinase":      "proteinase",
		"spenningshovudv": "spenningshodev",
	} {
		if got := norwegian.Spell(in); got != want {
			t.Errorf("Spell(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestStemDoesNotAllocate(t *testing.T) {
	words := language.Tokens("hjartesjukdommane lårbensbrudd blødningene ikke b12 undersøkelser lungebetennelsen")
	buf := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() {
		for _, w := range words {
			buf = norwegian.AppendStem(buf[:0], w)
			buf = norwegian.AppendSpell(buf[:0], w)
		}
	}); n != 0 {
		t.Errorf("AppendStem and AppendSpell allocate %v times, want 0", n)
	}
}

// FuzzStem states what holds for every token: a stem is its own stem and a spelling
// its own spelling, what is appended to stays, and neither grows without bound.
func FuzzStem(f *testing.F) {
	for _, s := range []string{"hjartesjukdommane", "åreknutene", "kols", "b12", "elseelseelse", "benbenben", "hovudhovudet", "brotbrot", "augeauge", "\xc3", "lause"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, token := range append(language.Tokens(s), s) {
			stem := norwegian.Stem(token)
			if again := norwegian.Stem(stem); again != stem {
				t.Errorf("Stem(%q) = %q, whose stem is %q", token, stem, again)
			}
			spelled := norwegian.Spell(token)
			if again := norwegian.Spell(spelled); again != spelled {
				t.Errorf("Spell(%q) = %q, whose spelling is %q", token, spelled, again)
			}
			if got := norwegian.AppendStem([]byte("hånd "), token); string(got) != "hånd "+stem {
				t.Errorf("AppendStem(%q) = %q", token, got)
			}
			if len(stem) > len(token)+32 {
				t.Errorf("Stem(%q) = %q grew", token, stem)
			}
			if token != "" && stem == "" {
				t.Errorf("Stem(%q) is empty", token)
			}
		}
	})
}

func BenchmarkAppendStem(b *testing.B) {
	words := strings.Fields("hjartesjukdommane lårbensbrudd blødningene ikke b12 undersøkelser lungebetennelsen akutt carcinoma høyre")
	slices.Sort(words)
	buf := make([]byte, 0, 128)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		buf = norwegian.AppendStem(buf[:0], words[i%len(words)])
		i++
	}
}
