"""The addresses of invoices."""

from incubator.edge.pages import Pages

pages = Pages("invoices", __name__)
INVOICE, DEAL = "<int:invoice_id>", "<int:deal_id>"
FIRM, SETOFF = "<int:firm_id>", "<int:setoff_id>"
LEG = "<int:leg_id>"
