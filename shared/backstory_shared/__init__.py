"""What more than one of Backstory's services needs: values, ports and adapters."""
