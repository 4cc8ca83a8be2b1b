"""People and units (人员、组织体系): the master data every other module leans on."""
