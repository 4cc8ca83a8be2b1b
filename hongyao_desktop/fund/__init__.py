"""The party-care fund (党内关爱基金): funds and the cash ledger, in 分, never edited and never below zero."""
