"""What can be counted about a community: each measure reads the record and gives one relation."""
