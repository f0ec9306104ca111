package operation_test

import (
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
)

func TestValidateExpression(t *testing.T) {
	for name, req := range map[string]operation.ValidateExpressionRequest{
		"good":              {Expression: "22298006 : { 263502005 = 424124008 }"},
		"nynorsk":           {Expression: "22298006 |hjerteinfarkt| : { 263502005 = 424124008 }", Languages: languages(t, "nn")},
		"concept":           {Expression: "22298006"},
		"nothing-new":       {Expression: "22298006 : { 363698007 = 80891009 }"},
		"two-concepts":      {Expression: "=== 80146002 + 6025007"},
		"subtype":           {Expression: "<<< 22298006 : { 263502005 = 424124008 }"},
		"not-grouped":       {Expression: "22298006 : 363698007 = 80891009"},
		"out-of-range":      {Expression: "22298006 : { 363698007 = 73211009 }"},
		"outside-domain":    {Expression: "80146002 : { 363698007 = 80891009 }"},
		"no-attribute":      {Expression: "22298006 : 73211009 = 80891009"},
		"inactive":          {Expression: "155728006 : 263502005 = 424124008"},
		"unknown":           {Expression: "22298006 :\n 263502005 = 424124009, 12345678 = 22298007"},
		"cut-short":         {Expression: "22298006 : 363698007 ="},
		"words":             {Expression: "hjerteinfarkt"},
		"a-constraint":      {Expression: "<< 22298006"},
		"older-version":     {Version: older, Expression: "22298006"},
		"too-deep":          {Expression: strings.Repeat("22298006:363698007=(", 100) + "22298006" + strings.Repeat(")", 100)},
		"not-snomed":        {System: icd, Expression: "22298006"},
		"unknown-version":   {Version: "19990131", Expression: "22298006"},
		"languages-of-rule": {Expression: "22298006 : { 363698007 = 73211009 }", Languages: languages(t, "en")},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.ValidateExpression(t.Context(), req)
			check(t, "expression/"+name, resp, err)
		})
	}
}
