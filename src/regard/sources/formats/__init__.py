"""What several sources share: archives, JSON, XML, timestamps."""
