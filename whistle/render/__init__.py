"""Figures to what people hold in hand: tables for the page and for a spreadsheet."""
