DROP FUNCTION exchanges_invoice_guard_1()
--;
DROP FUNCTION exchanges_invoice_guard_2()
--;
DROP FUNCTION exchanges_invoice_guard_3()
--;
DROP FUNCTION exchanges_invoice_guard_4()
--;
DROP FUNCTION exchanges_invoice_guard_5()
--;
DROP FUNCTION exchanges_invoice_guard_6()
--;
DROP FUNCTION exchanges_invoice_guard_7()
--;
DROP FUNCTION exchanges_invoice_guard_8()
--;
DROP FUNCTION exchanges_invoice_guard_9()
--;
DROP FUNCTION exchanges_invoice_guard_10()
--;
DROP FUNCTION exchanges_invoice_guard_11()
--;
DROP FUNCTION exchanges_setoff_line_guard_1()
--;
DROP FUNCTION exchanges_setoff_line_guard_2()
--;
DROP FUNCTION exchanges_setoff_line_guard_3()
--;
DROP FUNCTION exchanges_setoff_line_guard_4()
--;
DROP FUNCTION exchanges_setoff_guard_1()
--;
DROP FUNCTION exchanges_setoff_guard_2()
--;
DROP FUNCTION exchanges_setoff_guard_3()
--;
DROP FUNCTION exchanges_setoff_guard_4()
--;
DROP FUNCTION exchanges_setoff_guard_5()
--;
DROP FUNCTION exchanges_setoff_guard_6()
--;
DROP FUNCTION exchanges_setoff_guard_7()
--;
DROP FUNCTION exchanges_setoff_consent_guard_1()
--;
DROP FUNCTION exchanges_setoff_consent_guard_2()
--;
DROP FUNCTION exchanges_identity_guard_1()
--;
DROP FUNCTION exchanges_identity_guard_2()
--;
DROP FUNCTION exchanges_books_guard_1()
--;
DROP FUNCTION exchanges_books_guard_2()
--;
DROP FUNCTION exchanges_books_guard_3()
--;
DROP FUNCTION exchanges_series_guard_1()
--;
DROP FUNCTION exchanges_series_guard_2()
--;
DROP FUNCTION exchanges_series_guard_3()
--;
DROP FUNCTION exchanges_series_guard_4()
--;
DROP FUNCTION exchanges_setoff_line_applied()
--;
DROP FUNCTION exchanges_invoices_never_emptied()
