package grpcserver

import (
	"context"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// ValidateCode answers kodeks.v1.TerminologyService/ValidateCode.
func (s *service) ValidateCode(ctx context.Context, m *kodeksv1.ValidateCodeRequest) (*kodeksv1.ValidateCodeResponse, error) {
	req, err := ValidateCodeRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.ValidateCode(ctx, req)
	if err != nil {
		return nil, err
	}
	return ValidateCodeResponse(resp), nil
}

// ValidateCodeRequest reads the request of a validation.
func ValidateCodeRequest(m *kodeksv1.ValidateCodeRequest) (operation.ValidateCodeRequest, error) {
	languages, err := preference(m.GetLanguage())
	if err != nil {
		return operation.ValidateCodeRequest{}, err
	}
	day, err := date(m.GetDate())
	return operation.ValidateCodeRequest{
		Coding:    Coding(m.GetCoding()),
		ValueSet:  m.GetValueSet(),
		Compose:   Compose(m.GetCompose()),
		Languages: languages, LanguageList: m.GetLanguage(),
		Date: day,
	}, err
}

// ValidateCodeResponse writes the verdict of a validation.
func ValidateCodeResponse(r *operation.ValidateCodeResponse) *kodeksv1.ValidateCodeResponse {
	return &kodeksv1.ValidateCodeResponse{
		Result:   r.Result,
		Coding:   CodingMessage(r.Coding),
		Inactive: r.Inactive,
		Message:  r.Message,
		Issues:   issues(r.Issues),

		Given:        r.Given,
		Validity:     r.Validity.Code(),
		Replacements: CodingMessages(r.Replacements),
	}
}

func issues(list []operation.Issue) []*kodeksv1.Issue {
	return messages(list, func(m *kodeksv1.Issue, i *operation.Issue) {
		m.Severity, m.Type, m.Code = i.Severity.String(), i.Type, i.Code
		m.Text, m.Expression = i.Text, i.Expression
	})
}
